# SPDX-License-Identifier: Apache-2.0
# schemas.py - holds files of medley against docs/schemas, and altered files,
# too: what the schemas do not describe, they refuse.
# Usage: schemas.py SCHEMAS SCHEMA:FILE...   Prints a line an assertion, as
# cmocka does. A file whose name ends with "l" has a document on each line.
import copy
import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore")  # newer versions warn about RefResolver
try:
    from jsonschema import Draft202012Validator, RefResolver
except ImportError:
    print("[  FAILED  ] schemas: python3-jsonschema is missing; run ./setup test")
    sys.exit(1)

LINES_MAX = 400
ALTERED_MAX = 3  # documents of a file that are altered
# What a release's own tables decide, or an administrator's plan.
OPEN = {"evidence", "plan"}
schemas = pathlib.Path(sys.argv[1]).resolve()
failed = False


def say(name, good, why=""):
    global failed
    failed |= not good
    print(f"[  FAILED  ] {name}: {why}" if not good else f"[       OK ] {name}")


def validator(name):
    schema = json.loads((schemas / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    resolver = RefResolver(schemas.as_uri() + "/", schema)
    return Draft202012Validator(schema, resolver=resolver)


def documents(path):
    text = pathlib.Path(path).read_text()
    if not path.endswith("l"):
        return [json.loads(text)]
    return [json.loads(line) for line in text.splitlines()[:LINES_MAX]]


def objects(value, at=()):
    """Each object of a document, by its path; those in free text are left."""
    if isinstance(value, dict):
        yield at
        for key, member in value.items():
            if key not in OPEN:
                yield from objects(member, at + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value[:2]):
            yield from objects(item, at + (i,))


def inside(document, at):
    for key in at:
        document = document[key]
    return document


def alterations(document):
    """(what was done, the document with it): none of them is valid."""
    for at in objects(document):
        where = "/".join(map(str, at))
        if at != ("nodes",):  # of endpoints.json: any name
            other = copy.deepcopy(document)
            inside(other, at)["not_described"] = 1
            yield f"{where}: a member more", other
        for key, member in inside(document, at).items():
            if isinstance(member, dict) and (at + (key,))[-1] in OPEN:
                continue
            other = copy.deepcopy(document)
            inside(other, at)[key] = {"another": ["type"]}
            yield f"{where}/{key}: another type", other


# Members that may be absent; all others must be there.
OPTIONAL = set(
    """in_flight evidence runs run merged failed notes jvm_seconds boot_seconds
    not_kept word contracts platform failure log container exit_code host port
    ready down_since database not_decoded payee has_transaction amount quantity
    currency issuer owner_key accepted update plan asked stays strangers
    not_of_this_run logs_lost logs_lost_why driver against ratio low high
    smallest was_p50_ms is_p50_ms cells_lost reproduce""".split()
)
# In results.json the details of a phase are those that its run has, which may
# be of an older medley, or of a phase that failed.
LOOSE = {"details"}


def removals(document):
    for at in objects(document):
        # By name of a node, or those of the three roles that a node had.
        if at[-1:] in (("nodes",), ("operations",)) or LOOSE & set(at):
            continue
        for key in inside(document, at):
            if key in OPTIONAL or key in LOOSE:
                continue
            other = copy.deepcopy(document)
            del inside(other, at)[key]
            yield f"{'/'.join(map(str, at))}/{key}: removed", other


def check(name, path):
    v = validator(name)
    errors = [(i, e) for i, d in enumerate(documents(path)) for e in v.iter_errors(d)]
    label = f"{name} of {'/'.join(path.split('/')[-2:])}"
    first = errors and f"{list(errors[0][1].absolute_path)}: {errors[0][1].message[:300]}"
    say(label, not errors, f"{len(errors)} errors, first in document {errors and errors[0][0]}: {first}")
    if errors:
        return
    accepted, tried = [], 0
    for document in documents(path)[:ALTERED_MAX]:
        for what, other in [*alterations(document), *removals(document)]:
            tried += 1
            if v.is_valid(other):
                accepted.append(what)
    say(f"{label}, {tried} times altered", not accepted, f"accepts {accepted[:5]}")


used = set()
for argument in sys.argv[2:]:
    schema, _, file = argument.partition(":")
    used.add(schema)
    check(schema, file)
unused = {p.name[: -len(".schema.json")] for p in schemas.glob("*.schema.json")} - used - {"common"}
say("every_schema_was_tried", not unused, f"not tried: {sorted(unused)}")
sys.exit(failed)
