"""``telltale-sdk selftest``: sends, sees, acknowledges, with the settings of the environment."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Optional


def main(argv: Optional[list[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="telltale-sdk", description="Checks what the Telltale SDK can do from here.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("selftest", help="send a record, see directives, acknowledge them")
    check.add_argument("--url", help="gateway (TELLTALE_URL)")
    check.add_argument("--api-key", help="key with scopes ingest and control:read (TELLTALE_API_KEY)")
    check.add_argument("--service", help="service name (TELLTALE_SERVICE)")
    check.add_argument("--timeout", type=float, default=10.0, help="seconds to wait for each step")
    check.add_argument("--json", action="store_true", help="one JSON object")
    given = parser.parse_args(argv)

    import telltale

    from .capture import import_all

    if not telltale.install(url=given.url, api_key=given.api_key, service=given.service, startup_line=not given.json):
        print("telltale is disabled (TELLTALE_DISABLED)", file=sys.stderr)
        return 1
    import_all()
    result = telltale.selftest(given.timeout)
    telltale.shutdown(1.0)
    if given.json:
        print(json.dumps(result))
    else:
        for step in ("sends", "sees", "acks"):
            print(f"{step}: {result.get(step)}")
        for library, status in result["capture"].items():
            print(f"{library}: {status}")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
