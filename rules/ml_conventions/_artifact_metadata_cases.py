"""Cases of the rule `artifact-metadata`."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

F, P, H, N = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_LOOP = "import json\nimport torch\nfrom torch import nn\nm = nn.Linear(2, 1)\nm(x).sum().backward()\n"
_TREE = "import joblib\nfrom sklearn.svm import SVC\nclf = SVC()\nclf.fit(X, y)\n"
_BARE = f"{_LOOP}torch.save(m.state_dict(), p)\n"


def _case(expect: Status, name: str, code: str, files: Mapping[str, str] | None = None) -> Case:
    return Case(name, expect, {"README.md": ""}, {"README.md": "", "train.py": code, **(files or {})})


CASES = (
    _case(F, "weights alone", _BARE),
    _case(
        P,
        "a dict with all three",
        f"{_LOOP}torch.save({{'w': m.state_dict(), 'metrics': r, 'dataset_version': v, 'trained_at': t}}, p)\n",
    ),
    _case(F, "the date alone", f"{_LOOP}torch.save({{'w': m.state_dict(), 'trained_at': now()}}, p)\n"),
    _case(H, "metrics alone", f"{_LOOP}torch.save({{'w': m.state_dict(), 'metrics': r}}, p)\n"),
    _case(
        H, "a checkpoint to go on from", f"{_LOOP}torch.save({{'w': m.state_dict(), 'optimizer': o.state_dict()}}, p)\n"
    ),
    _case(
        P,
        "an MLflow run that knows its input",
        f"import mlflow\n{_TREE}mlflow.log_input(d)\nmlflow.log_metrics(r)\nmlflow.sklearn.log_model(clf, 'm')\n",
    ),
    _case(P, "a model card next to the file", f"{_BARE}(p.parent / 'README.md').write_text(card)\n"),
    _case(
        P,
        "a helper of the module writes them",
        f"{_LOOP}def keep(p):\n    p.write_text(json.dumps({{'date': d, 'data_hash': h, 'f1': f}}))\n"
        "def save(p):\n    torch.save(m.state_dict(), p)\n    keep(p)\n",
    ),
    _case(H, "a helper in another package", f"from ours.io import write_metadata\n{_BARE}write_metadata(p)\n"),
    _case(
        P,
        "the output of a stage of DVC",
        _BARE,
        {
            "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    params: [lr]\n    outs: [m.pt]\n"
            "    metrics: [m.json]\n"
        },
    ),
    _case(N, "a model on its way to another process", f"import tempfile\n{_BARE.replace('p)', 'tempfile.mktemp())')}"),
    _case(F, "the date in the file's name alone", _BARE.replace("p)", "f'm_{time.strftime(now)}.pt')")),
    _case(H, "its accuracy in the file's name", _BARE.replace("p)", "'m_acc_{:.3f}.pt'.format(acc))")),
    _case(
        H,
        "a name bound before has the accuracy",
        _BARE.replace("torch.save", "p = f'{folder}/m_{val_acc:.3f}.pt'\ntorch.save"),
    ),
    _case(F, "a name that tells nothing", _BARE.replace("p)", "f'{folder}/best_{epoch}.pt')")),
    _case(
        H,
        "Transformers keeps its log of metrics beside it",
        "from transformers import Trainer\nt = Trainer(m, args)\nt.train()\nt.save_state()\nt.save_model('o')\n",
    ),
    _case(
        F,
        "Transformers keeps the model",
        "from transformers import Trainer\nt = Trainer(m)\nt.train()\nt.save_model()\n",
    ),
    _case(
        H,
        "a snapshot that the run goes on from",
        f"{_LOOP}start = torch.load(p)['epochs_run']\ns = {{'w': m.state_dict(), 'epochs_run': n}}\ntorch.save(s, p)\n",
    ),
    _case(
        N,
        "a folder that the caller throws away",
        "from tempfile import TemporaryDirectory\nfrom xgboost import XGBClassifier\ndef main(folder):\n"
        "    c = XGBClassifier(n_estimators=cfg.n)\n    c.fit(X, y)\n    c.save_model(folder + '/m.json')\n"
        "with TemporaryDirectory() as there:\n    main(there)\n",
    ),
    _case(
        N,
        "a temporary folder by its name",
        "import os, joblib\nfrom sklearn.svm import SVC\ndef main(tmpdir):\n    clf = SVC().fit(X, y)\n"
        "    path = os.path.join(tmpdir, 'm.pkl')\n    joblib.dump(clf, path)\n",
    ),
    _case(
        N,
        "a temporary folder by its name, opened before",
        "import os, pickle\nfrom sklearn.svm import SVC\ndef main(tmpdir):\n    clf = SVC().fit(X, y)\n"
        "    path = os.path.join(tmpdir, 'm.pkl')\n    with open(path, 'wb') as f:\n        pickle.dump(clf, f)\n",
    ),
    _case(
        N,
        "a model as it was loaded, in another form",
        "from transformers import AutoModel, Trainer\ndef small(name, p):\n"
        "    model = AutoModel.from_pretrained(name)\n"
        "    model.save_pretrained(p)\ndef main():\n    Trainer(small('a', 'b')).train()\n",
    ),
    _case(N, "a table of a model's text", "import xgboost\nb = xgboost.train(p, d)\nb.dump_model('raw.txt')\n"),
    _case(
        N,
        "data in a class of XGBoost's",
        "import pickle\nfrom xgboost.testing.data import RelDataCV\nimport xgboost\nxgboost.train(p, d)\n"
        "data = RelDataCV(train=a, test=b)\npickle.dump(data, f)\n",
    ),
    _case(H, "ZenML keeps artifacts with what made them", f"from zenml import step\n{_BARE}"),
    _case(H, "a tracker may have them", f"import wandb\n{_BARE}wandb.log({{}})\n"),
    _case(H, "a saving function alone", "import torch\ndef save(model, p):\n    torch.save(model.state_dict(), p)\n"),
    _case(
        N,
        "a saving function of a library",
        "",
        {
            "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "a"\n',
            "a/save.py": "import torch\ndef save(model, p):\n    torch.save(model.state_dict(), p)\n",
        },
    ),
    _case(F, "a pickled estimator", f"{_TREE}joblib.dump(clf, 'clf.joblib')\n"),
    _case(
        F, "an estimator pickled with what prepares its input", f"{_TREE}joblib.dump((columns, clf), 'clf.joblib')\n"
    ),
    _case(N, "a pickled list in training code", f"{_TREE}joblib.dump(['a', 'b'], 'columns.joblib')\n"),
    _case(N, "a tensor", f"{_LOOP}torch.save(torch.zeros(2), p)\n"),
    _case(
        P,
        "Lightning's own checkpoint",
        "from lightning import Trainer\nt = Trainer()\nt.fit(m)\nt.save_checkpoint('m.ckpt')\n",
    ),
    _case(N, "no model is saved", _LOOP),
    Case("an old save", N, {"train.py": _BARE}, {"train.py": f"{_BARE}print(1)\n"}),
    Case("a save in a test", N, {}, {"tests/test_train.py": _BARE}),
    Case(
        "the metadata goes",
        F,
        {"train.py": f"{_LOOP}torch.save({{'w': m.state_dict(), 'metrics': r, 'dataset_version': v, 'date': t}}, p)\n"},
        {"train.py": _BARE},
    ),
)
