"""What looks like a secret, or is the value of a secret variable, is in no report."""

import pytest
from conftest import Repository
from format_reports import hostile

from dodcheck.cli.output import render
from dodcheck.report import Report, presentable
from dodcheck.secret_shapes import hidden

LETTERS = "a1B2c3D4"  # so that no scanner takes this file for a leak
KEY = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{LETTERS * 8}\n{LETTERS * 4}\n-----END OPENSSH PRIVATE KEY-----"
SECRETS = {
    "GitHub": ("x = {}", "ghp_" + LETTERS * 5),
    "GitHub's finer one": ("x = {}", "github_pat_" + LETTERS * 9),
    "GitLab": ("t: {}", "glpat-" + LETTERS * 3),
    "AWS": ("id {} here", "AKIA" + "ABCD2345" * 2),
    "Slack": ("'{}'", "xoxb-" + "123456789012-" * 2),
    "Stripe": ("{}", "sk_live_" + LETTERS * 3),
    "a model's": ("key={}", "sk-ant-" + LETTERS * 4),
    "Google": ("{}", "AIza" + LETTERS * 4 + "abc"),
    "Hugging Face": ("{}", "hf_" + "abcdefgh" * 4 + "ab"),
    "npm": ("_authToken={}", "npm_" + LETTERS * 4 + "abcd"),
    "a web token": ("Bearer {}", f"eyJ{LETTERS * 2}.eyJ{LETTERS * 2}.{LETTERS * 2}"),
    "a password in a URL": ("url = https://ada:{}@example.org/x.git", "pa55word"),
    "a token in a URL": ("url = https://{}@example.org/x.git", LETTERS * 3),
    "a database's": ("postgresql+psycopg://ada:{}@db:5432/x", "short"),
    "assigned in code": ("DB_PASSWORD = '{}'", LETTERS * 2),
    "assigned with a type": ('token: str = "{}"', LETTERS * 2),
    "in a dictionary": ("{{'api_key': '{}'}}", LETTERS * 2),
    "in JSON": ('"client_secret": "{}",', LETTERS * 2),
    "a setting": ("export API_TOKEN={}", LETTERS),
    "a setting in YAML": ("  password: {}", "hunter-hunter"),
}
HARMLESS = [
    "token = tokens.pop()",
    "token = tokenizer.eos_token",
    "pad_token = '<|endoftext|>'",
    "password = os.environ['PASSWORD']",
    "password: str = Field(min_length=12)",
    "api_key = '${API_KEY}'",
    "def read(token: str, key: int = 3) -> str:",
    "see https://example.org/a/b@1.0 and git@github.com:x/y.git",
    "TOKENIZERS_PARALLELISM=false",
    "scikit-learn and sk-learn",
    "https://{user}:{password}@example.org",
    "max_tokens = 128_000_000",
]


@pytest.mark.parametrize(("around", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_hidden(around: str, secret: str) -> None:
    text = around.format(secret)
    assert secret not in hidden(text, {})
    assert "***" in hidden(text, {})


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert hidden(text, {}) == text


def test_a_key_is_hidden_and_its_lines_stay() -> None:
    said = hidden(f"first\n{KEY}\nlast", {})
    assert LETTERS not in said
    assert len(said.split("\n")) == 6
    assert said.startswith("first\n-----BEGIN OPENSSH PRIVATE KEY-----***\n***\n")


def test_values_of_secret_variables_are_hidden() -> None:
    variables = {"API_TOKEN": 'quo"ted 1', "SECRET_FILE": "/run/secret", "PASSWORD_POLICY": "strict", "HOME": "/home/a"}
    assert hidden('quo"ted 1 /run/secret strict /home/a', variables) == "*** /run/secret strict /home/a"


@pytest.mark.parametrize("name", ["json", "html", "markdown", "sarif", "junit", "github", "gitlab", "text", "comment"])
def test_no_format_shows_a_variable_s_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "example.org) {0}"
    assert said in render(hostile(), "json")
    monkeypatch.setenv("SOME_TOKEN", said)
    shown = render(presentable(hostile()), name)
    assert "***" in shown.replace("\\", "")
    assert not any(way in shown for way in (said, said.replace("{0}", "\\{0\\}"), said.replace(")", "\\)")))


def test_no_report_shows_the_secrets_of_a_changed_file(repository: Repository) -> None:
    repository.commit({"README.md": "x\n"})
    lines = [around.format(secret) for around, secret in SECRETS.values()]
    repository.write({"settings.ini": "\n".join(lines) + "\n", "deploy.pem": KEY + "\n"})
    repository.write({"app.py": "".join(f"# {line}\n" for line in lines)})
    repository.write({".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = https://{LETTERS * 3}@example.org/x\n'})
    names = ("out.json", "out.html", "out.md", "out.sarif", "out.xml", "gl-out.json")
    ran = repository.run("check", "--fast", "--verbose", *(part for name in names for part in ("-o", f"../{name}")))
    assert ran.returncode in {0, 1}, ran.stderr
    told = [ran.stdout, ran.stderr, *((repository.path.parent / name).read_text() for name in names)]
    for text in told:
        assert [secret for _, secret in SECRETS.values() if len(secret) > 5 and secret in text] == []
        assert LETTERS * 2 not in text
    shown: Report = repository.check("--fast")
    assert {one.path for one in shown.report.changed_lines} >= {"settings.ini", "deploy.pem", ".gitmodules"}
