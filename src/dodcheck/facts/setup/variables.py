"""An environment variable that code reads, and the names that are nobody's setup."""

import re
from typing import Literal

import msgspec

Need = Literal["required", "unknown", "optional"]

_SYSTEM = re.compile(
    r"HOME|PATH|USER|USERNAME|LOGNAME|SHELL|PWD|OLDPWD|TERM|COLORTERM|TERM_PROGRAM|COLUMNS|LINES|LANG|LANGUAGE|TZ|EDITOR"
    r"|VISUAL|PAGER|BROWSER|DISPLAY|WAYLAND_DISPLAY|HOSTNAME|TMPDIR|TMP|TEMP|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA"
    r"|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES(\(X86\))?|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|COMPUTERNAME|OS|NUMBER_OF_PROCESSORS"
    r"|(NO|FORCE|CLICOLOR)_COLOR|CLICOLOR(_FORCE)?|DEBIAN_FRONTEND|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|LD_PRELOAD|PREFIX"
    r"|CI|CONTINUOUS_INTEGRATION|BUILD_(ID|NUMBER)|TRAVIS|CIRCLECI|APPVEYOR|TF_BUILD|JENKINS_URL|READTHEDOCS|DYNO|TOX_ENV_NAME"
    r"|VIRTUAL_ENV|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|MAKEFLAGS|PKG_CONFIG_PATH|SUDO_(USER|UID|GID)|WERKZEUG_RUN_MAIN|RUN_MAIN"
    r"|INVOCATION_ID|NOTIFY_SOCKET|LISTEN_(FDS|PID)|KUBERNETES_SERVICE_HOST|DJANGO_SETTINGS_MODULE|SERVER_SOFTWARE"
    r"|RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|NODE_RANK|MASTER_(ADDR|PORT)|CUDA_VISIBLE_DEVICES|SOURCE_DATE_EPOCH"
    r"|(HTTP|HTTPS|NO|ALL|FTP)_PROXY|SSL_CERT_(FILE|DIR)|SSLKEYLOGFILE|NETRC|ANDROID_ROOT|MSYSTEM|WSL_DISTRO_NAME|STY|TMUX"
    r"|GITHUB_(ACTION\w*|ACTOR\w*|API_URL|BASE_REF|ENV|EVENT_\w+|GRAPHQL_URL|HEAD_REF|JOB|OUTPUT|PATH|REF\w*|REPOSITORY\w*"
    r"|RUN_\w+|SERVER_URL|SHA|STATE|STEP_SUMMARY|TOKEN|TRIGGERING_ACTOR|WORKFLOW\w*|WORKSPACE)|GITLAB_(CI|USER_\w+|FEATURES)"
    r"|RUNNER_(OS|ARCH|NAME|TEMP|TOOL_CACHE|DEBUG)|SSH_(AUTH_SOCK|AGENT_PID|CLIENT|CONNECTION|TTY|ASKPASS)|PYTHON[A-Z]\w*"
    r"|(CI|XDG|LC|PYTEST|CONDA|SLURM|JPY|AWS_LAMBDA|COV_CORE|PIP|XPC)_\w+|AWS_EXECUTION_ENV|_MEI\w+"
    r"|VERCEL(_(ENV|TARGET_ENV|URL|BRANCH_URL|PROJECT_PRODUCTION_URL|REGION|DEPLOYMENT_ID|PROJECT_ID|GIT_\w+))?"
    r"|RENDER(_(EXTERNAL_(HOSTNAME|URL)|SERVICE_\w+|INSTANCE_ID|GIT_\w+|CPU_COUNT|DISCOVERY_SERVICE))?"
    r"|FLY_(APP_NAME|REGION|ALLOC_ID|MACHINE_\w+|PRIVATE_IP|PUBLIC_IP|IMAGE_REF|PROCESS_GROUP)"
    r"|RAILWAY_(ENVIRONMENT\w*|PROJECT_\w+|SERVICE_\w+|DEPLOYMENT_ID|REPLICA_\w+|GIT_\w+|PUBLIC_DOMAIN|PRIVATE_DOMAIN)"
    r"|HEROKU_(APP_\w+|DYNO_ID|RELEASE_\w+|SLUG_\w+|BUILD_\w+)|K_(SERVICE|REVISION|CONFIGURATION)|GAE_\w+|CODESPACES?(_NAME)?"
    r"|WEBSITE_(SITE_NAME|HOSTNAME|INSTANCE_ID)|FUNCTIONS_WORKER_RUNTIME|NETLIFY"
    r"|\w+_(LOCAL|GLOBAL|NODE)_RANK|DATA_OPTIMIZER_\w+|__\w*|_",
    re.IGNORECASE,
)
_OWN_CLOUD = re.compile(
    r"(OPENAI|ANTHROPIC|AZURE|AWS|GOOGLE|GCP|GCLOUD|HF|HUGGING_?FACE\w*|WANDB|MLFLOW|SENTRY|LANGCHAIN|LANGSMITH|COHERE"
    r"|MISTRAL|GROQ|DATABRICKS|SNOWFLAKE|STRIPE|TWILIO|SENDGRID|SLACK|NEW_RELIC|DD|OTEL|PG|MYSQL|POSTGRES|REDIS|CELERY"
    r"|DJANGO|FLASK|UVICORN|GUNICORN|RAY|SPARK|NVIDIA|CUDA|NCCL|OMP|MKL|TOKENIZERS|TORCH|TF|JAX|XLA|DOCKER|TESTCONTAINERS)_\w*|WEB_CONCURRENCY"
)


class Variable(msgspec.Struct, frozen=True):
    """One environment variable that one place reads.

    Args:
        names: Its name, with alternatives that serve as well; for a dynamic one, the expression.
        need: Whether the code does without it; `unknown` when it is read without a default.
        path: The file that reads it.
        line: 1-based line.
        dynamic: The name is put together at run time.
        ignore_case: Its letters' case does not matter.
        nested: What joins it with the names of nested fields; empty when nothing does.
    """

    names: tuple[str, ...]
    need: Need
    path: str
    line: int
    dynamic: bool = False
    ignore_case: bool = False
    nested: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """The names for comparing with another place's."""
        return frozenset(name.upper() if self.ignore_case else name for name in self.names)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds one of its names in a text, as a whole word."""
        tail = rf"(?:{re.escape(self.nested)}\w+)?" if self.nested else ""
        spelt = [name for name in self.names if not self.ignore_case]
        spelt += [case for name in self.names if self.ignore_case for case in _spellings(name)]
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spelt))}){tail}(?!\w)")

    @property
    def parts(self) -> re.Pattern[str] | None:
        """For a dynamic one, what its possible names look like; None when nothing of it is fixed."""
        fixed = re.findall(r"\{[^}]*\}|[A-Z0-9_]{3,}", self.names[0]) if self.dynamic else []
        if not any(not part.startswith("{") for part in fixed):
            return None
        return re.compile(r"(?<!\w)" + "".join(r"\w+" if p.startswith("{") else p for p in fixed) + r"(?!\w)")


def _spellings(name: str) -> tuple[str, ...]:
    """Upper case always; lower case only where it is no plain word."""
    return (name.upper(), name.lower(), name) if "_" in name else (name.upper(),)


def is_well_known(name: str) -> bool:
    """Tell whether the system, the shell, CI or a launcher sets this variable by itself."""
    return bool(_SYSTEM.fullmatch(name))


def serves_libraries(name: str) -> bool:
    """Tell whether libraries read a variable of this name by themselves, so that nobody need read it in the code."""
    return bool(_OWN_CLOUD.fullmatch(name.upper()))
