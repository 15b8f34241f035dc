"""What of a module others can see, to tell without griffe whether two versions differ for them."""

import ast

from dodcheck.facts.code.walking import children, walk


def outline(tree: ast.Module) -> list[str]:
    """Return everything but the bodies of functions; of those, the attributes that they set."""
    found: list[str] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            head = [type(node).__name__, node.name, ast.dump(node.args), ast.dump(node.returns) if node.returns else ""]
            found.append(" ".join([*head, *map(ast.dump, node.decorator_list)]))
            found += sorted(_set_attributes(node))
        elif isinstance(node, ast.ClassDef):
            found.append(" ".join([node.name, *map(ast.dump, [*node.bases, *node.keywords, *node.decorator_list])]))
            stack += node.body
        elif isinstance(node, ast.Module | ast.If | ast.Try | ast.With | ast.ExceptHandler):
            stack += children(node)
        elif isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            found.append(ast.dump(node))
    return found


def _set_attributes(node: ast.AST) -> set[str]:
    return {n.attr for n in walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
