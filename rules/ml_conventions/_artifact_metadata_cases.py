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
