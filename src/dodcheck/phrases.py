"""Wordings that several rules leave alone: other languages' tools, other kinds of tests.

An item bound to the wrong rule is worse than one that is not bound, so each of these
keeps an item from a rule whose `answers` would otherwise take it.
"""

OTHER_RUNNERS = (
    r"^(?!.*\b(?:pytest|python)\b).*\b(?:npm|npx|yarn|pnpm|bun|jest|vitest|mocha|cypress|cargo|go test|dotnet|gradlew?"
    r"|mvn|maven|rspec|phpunit|xctest|flutter|ctest)\b"
)
OTHER_TESTS = (
    r"\b(?:manual|load|performance|stress|smoke|acceptance|usability|accessibility|penetration|security|exploratory"
    r"|contract|e2e|end[- ]to[- ]end|a/b)(?: (?:and|or) \w+)? tests?\b"
)
OTHER_PLACES = r"\b(?:wiki|confluence|testrail|jira|test plan|staging|manually|by qa)\b"
OTHER_LINTERS = (
    r"^(?!.*\bruff\b).*\b(?:eslint|npm|npx|yarn|pnpm|bun|clippy|cargo|rubocop|golangci-lint|go vet|swiftlint|ktlint"
    r"|checkstyle|stylelint|markdownlint|yamllint|hadolint|shellcheck|flake8|pylint|dart analyze|commitlint|prettier)\b"
)
OTHER_TYPE_CHECKERS = r"^(?!.*\bmypy\b).*\b(?:tsc|typescript|pyright|basedpyright|flow|sorbet|pyre|npm|npx|yarn|pnpm)\b"
