"""Names that have to be known beforehand: what is imported by another name, and well-known distributions.

Where the project's environment cannot be asked, only a table tells that `import yaml` needs PyYAML. It holds what is
common and cannot be read off the module's name; the list of distributions serves to recognise misspellings.
"""

from collections.abc import Mapping

_PROVIDED = """
attr=attrs _pytest=pytest pkg_resources=setuptools _cffi_backend=cffi
OpenSSL=pyopenssl PIL=pillow yaml=pyyaml _yaml=pyyaml bs4=beautifulsoup4 sklearn=scikit-learn skimage=scikit-image
skopt=scikit-optimize cv2=opencv-python|opencv-python-headless|opencv-contrib-python|opencv-contrib-python-headless
imblearn=imbalanced-learn mpl_toolkits=matplotlib pylab=matplotlib dateutil=python-dateutil dotenv=python-dotenv
jwt=pyjwt jose=python-jose|jose nacl=pynacl zmq=pyzmq serial=pyserial usb=pyusb dns=dnspython socks=pysocks
fitz=pymupdf Crypto=pycryptodome|pycrypto Cryptodome=pycryptodomex git=gitpython gitdb=gitdb|gitpython grpc=grpcio
grpc_health=grpcio-health-checking MySQLdb=mysqlclient|mysql-python psycopg2=psycopg2|psycopg2-binary|psycopg2cffi
psycopg=psycopg|psycopg-binary ldap=python-ldap magic=python-magic|file-magic docx=python-docx pptx=python-pptx
wx=wxpython gi=pygobject|pygobject-stubs cairo=pycairo dbus=dbus-python apt=python-apt win32api=pywin32
win32con=pywin32 win32gui=pywin32 win32com=pywin32 win32file=pywin32 win32event=pywin32 win32process=pywin32
win32security=pywin32 win32service=pywin32 win32pipe=pywin32 win32serviceutil=pywin32 pythoncom=pywin32
pywintypes=pywin32 winerror=pywin32 servicemanager=pywin32 clr=pythonnet objc=pyobjc|pyobjc-core
Foundation=pyobjc|pyobjc-framework-cocoa AppKit=pyobjc|pyobjc-framework-cocoa multipart=python-multipart|multipart
slugify=python-slugify rest_framework=djangorestframework django_filters=django-filter corsheaders=django-cors-headers
environ=django-environ|environ-config storages=django-storages social_core=social-auth-core
social_django=social-auth-app-django pythonjsonlogger=python-json-logger discord=discord-py|py-cord kafka=kafka-python
websocket=websocket-client consul=python-consul memcache=python-memcached xdg=xdg|pyxdg|xdg-base-dirs Xlib=python-xlib
Levenshtein=levenshtein|python-levenshtein snappy=python-snappy speech_recognition=speechrecognition umap=umap-learn
faiss=faiss-cpu|faiss-gpu tensorflow=tensorflow|tensorflow-cpu|tensorflow-macos keras=keras|tensorflow osgeo=gdal
gdal=gdal onnxruntime=onnxruntime|onnxruntime-gpu shapefile=pyshp tables=tables|pytables Bio=biopython
hcl2=python-hcl2 nmap=python-nmap whois=python-whois|whois bluetooth=pybluez RPi=rpi-gpio vlc=python-vlc
mpd=python-mpd2 cpuinfo=py-cpuinfo OpenGL=pyopengl ffmpeg=ffmpeg-python editor=python-editor daemon=python-daemon
pam=python-pam systemd=systemd-python libvirt=libvirt-python openstack=openstacksdk
googleapiclient=google-api-python-client apiclient=google-api-python-client vertexai=google-cloud-aiplatform
graphql=graphql-core bson=pymongo gridfs=pymongo xdist=pytest-xdist absl=absl-py pynvml=nvidia-ml-py|pynvml
hydra=hydra-core barcode=python-barcode github=pygithub gitlab=python-gitlab slack=slackclient
decouple=python-decouple past=future builtins=future fuzzywuzzy=fuzzywuzzy markdown_it=markdown-it-py
telegram=python-telegram-bot google.protobuf=protobuf google.auth=google-auth google.oauth2=google-auth
google.api_core=google-api-core google.api=googleapis-common-protos google.rpc=googleapis-common-protos
google.type=googleapis-common-protos google.longrunning=googleapis-common-protos
google.cloud.exceptions=google-cloud-core google.cloud.client=google-cloud-core
google.cloud.environment_vars=google-cloud-core google.cloud.sql=cloud-sql-python-connector
opentelemetry.trace=opentelemetry-api opentelemetry.context=opentelemetry-api opentelemetry.metrics=opentelemetry-api
opentelemetry.propagate=opentelemetry-api opentelemetry.baggage=opentelemetry-api
opentelemetry._logs=opentelemetry-api opentelemetry.semconv=opentelemetry-semantic-conventions
paste.deploy=pastedeploy win32clipboard=pywin32 win32ui=pywin32 upath=universal-pathlib
"""
_KNOWN = """
absl-py accelerate aiobotocore aiofiles aiohttp aiosignal alabaster alembic altair amqp annotated-types anthropic
anyio appdirs apscheduler argcomplete arrow asgiref astroid asttokens async-timeout asyncpg attrs authlib autopep8
azure-core azure-identity azure-storage-blob babel backoff bandit bcrypt beautifulsoup4 billiard black bleach blinker
bokeh boto boto3 botocore bottle build cachecontrol cachetools cattrs celery certifi cffi cfgv chardet
charset-normalizer cleo click click-plugins cloudpickle colorama coloredlogs colorlog commonmark confluent-kafka
contourpy cookiecutter coverage croniter cryptography cycler cython dacite dash dask databricks-sdk datasets
dateparser debugpy decorator defusedxml deprecated dill distlib distro django django-cors-headers django-environ
django-extensions django-filter django-storages djangorestframework dnspython docker docopt docutils ecdsa einops
elasticsearch email-validator et-xmlfile eventlet exceptiongroup execnet executing fabric faker fastapi fastavro
fastjsonschema feedparser filelock flake8 flask flask-cors flask-login flask-migrate flask-sqlalchemy flask-wtf
flatbuffers fonttools freezegun frozenlist fsspec furo future gensim gevent gitdb gitpython google-api-core
google-api-python-client google-auth google-auth-oauthlib google-cloud-bigquery google-cloud-core google-cloud-pubsub
google-cloud-storage googleapis-common-protos gradio graphene graphql-core graphviz greenlet grpcio grpcio-status
grpcio-tools gspread gunicorn h11 h2 h5py hatchling hpack html5lib httpcore httplib2 httptools httpx huggingface-hub
humanize hyperframe hyperlink hypothesis identify idna imageio imagesize importlib-metadata importlib-resources
inflection iniconfig invoke ipykernel ipython ipywidgets isodate isort itsdangerous jaraco-classes jax jaxlib jedi
jeepney jinja2 jira jmespath joblib jsonpatch jsonpointer jsonschema jupyter jupyter-client jupyterlab kafka-python
keras keyring kiwisolver kombu kubernetes langchain langchain-core langchain-openai levenshtein lightgbm lightning
litellm llvmlite locket loguru lxml lz4 mako markdown markdown-it-py markupsafe marshmallow matplotlib mccabe mdurl
minio mistune mkdocs mkdocs-material mlflow mock more-itertools moto motor mpmath msal msgpack msgspec multidict
multiprocess mypy mypy-extensions mysqlclient nbconvert nbformat nest-asyncio networkx nltk nodeenv nose notebook nox
numba numexpr numpy oauthlib omegaconf onnx onnxruntime openai opencv-python opencv-python-headless openpyxl
opensearch-py opentelemetry-api opentelemetry-sdk optuna orjson outcome packaging pandas paramiko parso passlib
pathspec patsy peewee peft pendulum pexpect phonenumbers pika pillow pip pip-tools pipenv pkginfo platformdirs
playwright plotly pluggy poetry poetry-core polars portalocker pre-commit prettytable prometheus-client prompt-toolkit
propcache proto-plus protobuf psutil psycopg psycopg2 psycopg2-binary ptyprocess pulp pure-eval py-cpuinfo pyarrow
pyasn1 pycodestyle pycparser pycryptodome pycryptodomex pydantic pydantic-core pydantic-settings pydocstyle pydot
pyflakes pygithub pygments pyinstaller pyjwt pylint pymongo pymssql pymupdf pymysql pynacl pyodbc pyopenssl pyparsing
pypdf pyperclip pyproject-hooks pyqt5 pyqt6 pyright pyserial pyside6 pysocks pyspark pytest pytest-asyncio
pytest-benchmark pytest-cov pytest-django pytest-mock pytest-randomly pytest-rerunfailures pytest-timeout pytest-xdist
python-dateutil python-decouple python-docx python-dotenv python-gitlab python-jose python-json-logger python-ldap
python-magic python-multipart python-pptx python-slugify python-telegram-bot pytz pywavelets pywin32 pyyaml pyzmq qtpy
rapidfuzz ray redis referencing regex requests requests-mock requests-oauthlib requests-toolbelt responses respx rich
rich-click rpds-py rsa ruamel-yaml ruff s3fs s3transfer sacremoses safetensors scikit-image scikit-learn scipy scrapy
seaborn selenium sentence-transformers sentencepiece sentry-sdk setuptools setuptools-scm shapely simplejson
singer-sdk six slack-sdk smart-open smmap sniffio snowballstemmer snowflake-connector-python sortedcontainers
soupsieve spacy sphinx sphinx-rtd-theme sqlalchemy sqlglot sqlmodel sqlparse stack-data starlette statsmodels
streamlit stripe structlog sympy tables tabulate tenacity tensorboard tensorflow termcolor testcontainers textual
threadpoolctl tiktoken timm tinycss2 tokenizers toml tomli tomlkit toolz torch torchaudio torchmetrics torchvision
tornado tox tqdm traitlets transformers trio twine twisted typeguard typer typing-extensions tzdata tzlocal ujson
uritemplate urllib3 uv uvicorn uvloop validators vine virtualenv wandb watchdog watchfiles wcwidth websocket-client
websockets werkzeug wheel wrapt wsproto wtforms xarray xgboost xlrd xlsxwriter xmltodict yamllint yapf yarl zarr zeep
zipp zope-interface zstandard
"""
_HOSTED = """
bpy bmesh mathutils maya pymel hou nuke unreal c4d substance_painter gdb lldb idaapi idc idautils ida_hex ghidra
binaryninja pcbnew FreeCAD FreeCADGui sublime sublime_plugin vim weechat hexchat xbmc xbmcgui xbmcaddon arcpy qgis
machine utime network micropython js pyodide micropip pyscript dbutils System java javax org nvda_remote krita gimp
gimpfu uno unohelper sage omni carb rhinoscriptsyntax Rhino ansible_collections talon kicad_netlist_reader
"""

_BROUGHT = """
starlette=fastapi pydantic=fastapi|pydantic-settings|sqlmodel anyio=httpx|httpcore|starlette|fastapi
botocore=boto3|aiobotocore|moto s3transfer=boto3 werkzeug=flask|flask-
jinja2=flask|torch|sphinx|mkdocs|ansible-core|moto click=flask|typer|black markupsafe=jinja2|flask
itsdangerous=flask|starlette blinker=flask flask=flask- django=django- urllib3=requests|botocore|boto3
certifi=requests|httpx idna=requests|httpx charset-normalizer=requests httpcore=httpx h11=httpx|uvicorn
multidict=aiohttp yarl=aiohttp async-timeout=aiohttp attrs=aiohttp|jsonschema|hypothesis kombu=celery billiard=celery
amqp=celery|kombu vine=celery|kombu sqlalchemy=flask-sqlalchemy|sqlmodel|alembic mako=alembic
numpy=pandas|scipy|scikit-learn|torch|tensorflow|matplotlib|xarray pandas=seaborn|xarray|statsmodels
python-dateutil=pandas|botocore|boto3|matplotlib pytz=pandas|celery matplotlib=seaborn pytest=pytest-
pluggy=pytest|tox iniconfig=pytest packaging=pytest|black|setuptools-scm docutils=sphinx pygments=sphinx|rich|ipython
babel=sphinx traitlets=ipython|ipykernel|notebook|nbformat|jupyter- tornado=notebook|ipykernel|jupyter-
cffi=cryptography typing-extensions=pydantic|sqlalchemy|fastapi|mypy google-auth=google- google-api-core=google-
google-cloud-core=google-cloud- googleapis-common-protos=google- protobuf=google-|grpcio-tools|tensorflow
grpcio=google-|grpcio- tokenizers=transformers huggingface-hub=transformers|datasets|diffusers|tokenizers
safetensors=transformers|diffusers asgiref=django opentelemetry-api=opentelemetry-
opentelemetry-semantic-conventions=opentelemetry- langchain-core=langchain- scipy=scikit-learn joblib=scikit-learn
azure-core=azure- pydantic-core=pydantic annotated-types=pydantic setuptools=setuptools-|pip wheel=setuptools
pyyaml=ansible-core prompt-toolkit=ipython gitdb=gitpython toolz=dask shellingham=typer rich=typer|textual
omegaconf=hydra-core websockets=uvicorn httptools=uvicorn uvloop=uvicorn wcwidth=prompt-toolkit
mypy-extensions=mypy|black referencing=jsonschema rpds-py=jsonschema alembic=oslo-db|flask-migrate
jupyter-core=jupyter-server|jupyter-client|notebook|nbformat networkx=torch|scikit-image sympy=torch
fsspec=torch|huggingface-hub|datasets|dask filelock=torch|huggingface-hub|transformers|tox|virtualenv
tqdm=transformers|datasets|huggingface-hub|openai|nltk exceptiongroup=anyio|trio|pytest sniffio=anyio|httpx|openai
greenlet=sqlalchemy|gevent|eventlet|playwright psutil=accelerate|distributed tenacity=langchain-core|langchain
regex=transformers|nltk|tiktoken lxml=python-docx|python-pptx soupsieve=beautifulsoup4 threadpoolctl=scikit-learn
"""


def _pairs(text: str) -> Mapping[str, tuple[str, ...]]:
    return {module: tuple(names.split("|")) for module, _, names in (pair.partition("=") for pair in text.split())}


PROVIDED: Mapping[str, tuple[str, ...]] = _pairs(_PROVIDED)  # distributions by what is imported from them
KNOWN = frozenset(_KNOWN.split())  # distributions that many projects need
BROUGHT: Mapping[str, tuple[str, ...]] = _pairs(_BROUGHT)  # who brings a distribution along; `x-` is any `x-…`
HOSTED = frozenset(_HOSTED.split())  # modules of a program that runs Python, not of a distribution
NAMESPACES = frozenset(  # packages that many distributions share
    {
        "airflow", "azure", "backports", "collective", "dogpile", "flaskext", "google", "jaraco", "llama_index",
        "nvidia", "odoo", "opencensus", "opentelemetry", "paste", "plone", "repoze", "ruamel", "sphinxcontrib",
        "tencentcloud", "zc", "zope",
    }
)  # fmt: skip
OTHER_STDLIB = frozenset(  # of newer and older Pythons than the one that runs
    {
        "__main__", "_dummy_thread", "_typeshed", "_zstd", "aifc", "annotationlib", "asynchat", "asyncore", "audioop",
        "binhex", "cgi", "cgitb", "chunk", "compression", "crypt", "distutils", "dummy_threading", "formatter",
        "imghdr", "imp", "lib2to3", "macpath", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "parser", "pipes",
        "sitecustomize", "smtpd", "sndhdr", "spwd", "sunau", "symbol", "telnetlib", "tomllib", "uu", "xdrlib",
    }
)  # fmt: skip
