"""Cases of the rule training-hygiene: loops of PyTorch as people write them, right and wrong."""

import json
from textwrap import indent

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/loop.py"


def _new(name: str, expect: Status, code: str, path: str = _P) -> Case:
    return Case(name, expect, {}, {path: code})


def _loop(first: str = "", last: str = "", epoch: str = "", more: str = "") -> str:
    """A function that trains, with something at the start and end of a step, before the epoch, and below."""
    step = f"{first}\nloss = model(x).sum()\nloss.backward()\noptimizer.step()\n{last}\n"
    body = f"for epoch in range(n):\n{indent(epoch or 'pass', '    ')}\n    for x in data:\n{indent(step, ' ' * 8)}"
    return f"import torch\ndef train(model, optimizer, data, n):\n{indent(body, '    ')}\n{more}"


def _notebook(code: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": code.splitlines(keepends=True)}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


_ZERO = "optimizer.zero_grad()"
_EVALUATE = "def evaluate(model, data):\n    {}\n    for x in data:\n        use(model(x))\n"
_VALIDATE = "evaluate(model, data)"

CASES = [
    _new("gradients are cleared at the start of a step", _PASS, _loop(_ZERO)),
    _new("gradients are cleared at the end of a step", _PASS, _loop(last="optimizer.zero_grad(set_to_none=True)")),
    _new("gradients are never cleared", _FAIL, _loop()),
    _new("gradients are accumulated over k steps", _PASS, _loop("if step % k == 0:\n    optimizer.zero_grad()")),
    _new("gradients are cleared by hand", _PASS, _loop("for p in model.parameters():\n    p.grad = None")),
    _new("gradients are cleared through the model", _PASS, _loop("model.zero_grad()")),
    _new("gradients are cleared before the loop alone", _FAIL,
         "import torch\ndef f(model, opt, data):\n    opt.zero_grad()\n    for x in data:\n"
         "        model(x).backward()\n"
         "        opt.step()\n"),
    _new("one step for a whole loop of gradients", _PASS,
         "import torch\ndef f(model, opt, data):\n    opt.zero_grad()\n    for x in data:\n"
         "        model(x).backward()\n"
         "    opt.step()\n"),
    _new("a closure clears them", _PASS,
         "import torch\ndef f(opt, data):\n    for x in data:\n        def closure():\n            opt.zero_grad()\n"
         "            loss(x).backward()\n        opt.step(closure)\n"),
    _new("a function of the file clears them", _PASS,
         _loop("reset(optimizer)", more="def reset(opt):\n    opt.zero_grad()\n")),
    _new("the step is a method, and nobody clears", _FAIL,
         "import torch\nclass T:\n    def run(self):\n        for x in self.data:\n            self.step(x)\n"
         "    def step(self, x):\n        self.net(x).backward()\n        self.optimizer.step()\n"),
    _new("the engine of DeepSpeed clears by itself", _PASS,
         "import torch\nfor x in data:\n    engine.backward(engine(x))\n    engine.step()\n"),
    _new("gradients of a distributed context stand apart", _PASS,
         "import torch.distributed.autograd as dist_autograd\nfor x in data:\n"
         "    with dist_autograd.context() as c:\n        dist_autograd.backward(c, [loss(x)])\n        opt.step(c)\n"),
    _new("forward of a remote module", _PASS,
         "import torch\ndef f(remote_model, x):\n    return remote_model.forward(x)\n"),
    _new("Lightning clears by itself", _NA,
         "import lightning as L\nclass M(L.LightningModule):\n    def training_step(self, batch, i):\n"
         "        return self.net(batch).sum()\n"),
    _new("evaluation without eval()", _FAIL, _loop(_ZERO, more=_EVALUATE.format("pass"))),
    _new("evaluation with eval()", _PASS, _loop(_ZERO, epoch="model.train()", more=_EVALUATE.format("model.eval()"))),
    _new("evaluation under a decorator, after eval() of the caller", _PASS,
         _loop(_ZERO, epoch=f"model.train()\nmodel.eval()\n{_VALIDATE}\nmodel.train()",
               more="@torch.inference_mode()\n" + _EVALUATE.format("pass"))),
    _new("evaluation in a module that does not train", _PASS, "import torch\n" + _EVALUATE.format("pass")),
    _new("a method that gives what an evaluation needs", _PASS,
         _loop(_ZERO, more="def get_eval_logits(model, data):\n    return [model(x) for x in data]\n"
               "def get_test_scores(model, data):\n    for x in data:\n        yield model(x)\n")),
    _new("a test of something else", _NA, "import torch\ndef test_speed(data):\n    for x in data:\n        run(x)\n"),
    _new("eval() in an epoch and never train() again", _FAIL, _loop(_ZERO, epoch="model.eval()\nuse(model(y))")),
    _new("eval() in a function that the epoch calls, and never train() again", _FAIL,
         _loop(_ZERO, epoch=_VALIDATE, more=_EVALUATE.format("model.eval()"))),
    _new("eval() in a function that turns back", _PASS,
         _loop(_ZERO, epoch=_VALIDATE, more=_EVALUATE.format("model.eval()") + "    model.train()\n")),
    _new("train() at the start of each epoch", _PASS,
         _loop(_ZERO, epoch=f"model.train()\n{_VALIDATE}", more=_EVALUATE.format("model.eval()"))),
    _new("train(False) is eval()", _FAIL, _loop(_ZERO, epoch="model.train(False)\nuse(model(y))")),
    _new("the mode is given back as it was", _PASS,
         _loop(_ZERO, epoch=_VALIDATE, more=_EVALUATE.format("was = model.training; model.eval()")
               + "    model.train(was)\n")),
    _new("a teacher stays in evaluation", _PASS, _loop(_ZERO, epoch="teacher.eval()")),
    _new("forward called by name", _FAIL, "import torch\ndef f(model, x):\n    return model.forward(x)\n"),
    _new("forward of a layer called by name", _FAIL,
         "import torch\nclass N(torch.nn.Module):\n    def __init__(self):\n        self.a = torch.nn.Linear(1, 1)\n"
         "    def forward(self, x):\n        return self.a.forward(x)\n"),
    _new("forward of the class above", _PASS,
         "import torch\nclass N(torch.nn.Linear):\n    def forward(self, x):\n        return super().forward(x)\n"
         "class O(torch.nn.Linear):\n    def forward(self, x):\n        return torch.nn.Linear.forward(self, x)\n"),
    _new("forward of something else", _NA, "import torch\ndef f(robot, x):\n    return robot.turn(x)\n"),
    _new("Keras models made in a loop", _REVIEW,
         "import keras\nfor n in sizes:\n    m = keras.Sequential()\n    m.fit(x, y)\n"),
    _new("Keras models made in a loop that frees them", _PASS,
         "import keras\nfor n in sizes:\n    keras.backend.clear_session()\n    m = keras.Sequential()\n"
         "    m.fit(x, y)\n"),
    _new("in a notebook a person judges", _REVIEW, _notebook(_loop()), "a.ipynb"),
    _new("in a test", _NA, _loop(), "tests/test_loop.py"),
    _new("no machine learning", _NA, "def train(model):\n    model.forward(1)\n"),
    Case("wrong at base too", _PASS, {_P: _loop()}, {_P: _loop(last="count(x)")}),
    Case("a second loop like the one at base", _FAIL, {_P: _loop()}, {_P: _loop() + _loop().replace("train(", "fit(")}),
    Case("clearing is taken away", _FAIL, {_P: _loop(_ZERO)}, {_P: _loop()}),
    Case("wrong at base in a file that moves", _PASS, {_P: _loop()}, {"src/app/train.py": _loop(last="count(x)")}),
]  # fmt: skip
