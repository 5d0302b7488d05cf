"""Print our installable addons (ours), or what they need from outside (base).

usage: modules.py ours|base
"""

import ast
import sys
from pathlib import Path


def manifests():
    """Return the manifest of each of our addons by name."""
    files = Path(__file__).parents[2].glob("addons/*/__manifest__.py")
    return {
        path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
        for path in files
    }


def ours():
    """Return the names of our installable addons, sorted."""
    every = manifests()
    return sorted(name for name in every if every[name].get("installable", True))


def base():
    """Return the names of the addons that ours need and that are not ours, sorted."""
    every = manifests()
    needed = {need for name in ours() for need in every[name].get("depends", ["base"])}
    return sorted(needed - every.keys())


if __name__ == "__main__":
    print(",".join({"ours": ours, "base": base}[sys.argv[1]]()))
