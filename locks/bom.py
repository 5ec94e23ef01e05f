"""All that is locked as a software bill of materials (CycloneDX 1.6, JSON).

    make sbom

The same locks give the same bytes: no clock and no chance is in it.
"""

from __future__ import annotations

import json
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any, Final

from locks.licences import LIST, listed
from locks.lock import CUDA, FILES, ROOT, TORCH, Locked, read

_SCOPES: Final = {
    **dict.fromkeys(("app", TORCH), "required"),
    **dict.fromkeys(("encoder", "databases", CUDA), "optional"),
}
"""What the rest is for, developing, is no part of what runs: `excluded`."""


def bill() -> dict[str, Any]:
    """The bill, as the standard's schema has it."""
    product = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = [(part, one) for part in FILES for one in read(part)]
    licences = listed(LIST.read_text(encoding="utf-8"))
    components = [_component(part, one, licences[one.name, one.version]) for part, one in packages]
    root = f"pkg:pypi/{product['name']}@{product['version']}"
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "purl": root,
                "name": product["name"],
                "version": product["version"],
                "licenses": [{"expression": product["license"]}],
            }
        },
        "components": components,
        "dependencies": _dependencies(root, [one for _part, one in packages]),
    }
    content = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(bom, sort_keys=True))
    return bom | {"serialNumber": f"urn:uuid:{content}"}


def _component(part: str, one: Locked, licence: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _ref(one),
        "purl": _ref(one),
        "name": one.name,
        "version": one.version,
        "scope": _SCOPES.get(part, "excluded"),
        "licenses": [{"expression": licence}],
        # One for each of its files: of which system they are, the lock does not say either.
        "hashes": [{"alg": "SHA-256", "content": code} for code in one.hashes],
    }


def _ref(one: Locked) -> str:
    return f"pkg:pypi/{one.name}@{one.version}"


def _dependencies(root: str, packages: list[Locked]) -> list[dict[str, Any]]:
    """What each asks for. What a file of requirements asks for, the product does."""
    wants: dict[str, set[str]] = {ref: set() for ref in (root, *map(_ref, packages))}
    refs = {one.name: _ref(one) for one in packages}
    for one in packages:
        for who in one.wanted_by:
            who_asks = root if who.startswith("-") else refs.get(who)
            if who_asks is not None:
                wants[who_asks].add(_ref(one))
    return [{"ref": ref, "dependsOn": sorted(refs)} for ref, refs in sorted(wants.items())]


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(bill(), indent=1) + "\n", encoding="utf-8")
    print(f"{out}: {len(bill()['components'])} packages")
