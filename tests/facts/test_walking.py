"""Walks over syntax trees give what `ast.walk` gives."""

import ast
import gc
from weakref import ref

from dodcheck.facts.code.modules import definitions, symbol_at
from dodcheck.facts.code.names import names_of
from dodcheck.facts.code.walking import children, nodes, statements, walk

CODE = '''
"""Text."""
import a.b as c

@mark(key=[x for x in y if x])
class A(B, metaclass=M):
    """Text."""

    z: int = 0

    @property
    def f(self, *args: int, k=lambda q: q.r, **kw) -> "T":
        try:
            with open(self.p) as h, g():
                yield f"{h!r:>{width}}"
        except* (E, F) as e:
            raise G from e
        else:
            del h[1:2]
        finally:
            global n
        match self.s:
            case {"a": [1, *rest], **more} if rest:
                async def inner(): return await rest
            case A(x=1) | None:
                x = y = {**more, "k": 1 if a else -b}
'''


def test_a_walk_is_that_of_the_standard_library_without_contexts() -> None:
    tree = ast.parse(CODE)
    plain = [node for node in ast.walk(tree) if not isinstance(node, ast.expr_context)]
    assert walk(tree) == plain
    assert walk(tree) == plain
    for node in plain:
        below = [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.expr_context)]
        assert children(node) == below


def test_statements_and_nodes_come_in_the_order_of_the_walk() -> None:
    tree = ast.parse(CODE)
    assert list(statements(tree)) == [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    assert nodes(tree, ast.Name) == [node for node in ast.walk(tree) if isinstance(node, ast.Name)]


def test_what_is_remembered_of_a_tree_does_not_keep_it() -> None:
    tree = ast.parse(CODE)
    walk(tree), statements(tree), definitions(tree), names_of(tree)
    alive = ref(tree)
    del tree
    gc.collect()
    assert alive() is None


def test_the_innermost_definition_holds_a_line_and_decorators_belong_to_it() -> None:
    tree = ast.parse(CODE)
    assert [name for name, _ in definitions(tree)] == ["A", "A.f", "A.f.inner"]
    assert symbol_at(tree, 2) is None
    assert symbol_at(tree, 5) == "A"
    assert symbol_at(tree, 11) == "A.f"
    assert symbol_at(tree, 24) == "A.f.inner"
