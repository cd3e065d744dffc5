"""Is an answer what /openapi.json says of it? As much of JSON Schema 2020-12 as that document uses; whatever else it used is an error."""

import re

KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
SAYS_NOTHING = {"description", "format", "contentEncoding", "maxLength", "x-rights"}


class Described:
    def __init__(self, document):
        self.schemas = document["components"]["schemas"]
        self.answers = {}
        for path, operations in document["paths"].items():
            pattern = re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")) + "$")
            self.answers[pattern] = operations.get("get", {}).get("responses", {})

    def wrong(self, path, status, media_type, body):
        """What is wrong with an answer to GET `path`, as sentences."""
        plain = path.split("?")[0]
        found = [answers for pattern, answers in self.answers.items() if pattern.match(plain)]
        if not found:
            return [f"{path} is not in /openapi.json"]
        told = found[0].get(str(status), found[0].get("default"))["content"]
        kind = media_type.split(";")[0]
        if kind not in told:
            return [f"{path}: {kind} is not among {', '.join(told)}"]
        return list(self._differ(told[kind]["schema"], body, path)) if kind.endswith("json") else []

    def _differ(self, schema, value, where):
        for word, wanted in schema.items():
            if word not in SAYS_NOTHING:
                yield from getattr(self, "_" + word.lstrip("$"))(wanted, value, where, schema)

    def _ref(self, wanted, value, where, _):
        yield from self._differ(self.schemas[wanted.removeprefix("#/components/schemas/")], value, where)

    def _type(self, wanted, value, where, _):
        kinds = wanted if isinstance(wanted, list) else [wanted]
        if not any(isinstance(value, int) and not isinstance(value, bool) if kind == "integer" else isinstance(value, KINDS[kind])
                   for kind in kinds):
            yield f"{where}: {value!r} is no {' or '.join(kinds)}"

    def _anyOf(self, wanted, value, where, _):
        if all(list(self._differ(each, value, where)) for each in wanted):
            yield f"{where}: {value!r} is none of {wanted}"

    def _enum(self, wanted, value, where, _):
        if value not in wanted:
            yield f"{where}: {value!r} is none of {wanted}"

    def _const(self, wanted, value, where, _):
        if value != wanted:
            yield f"{where}: {value!r} is not {wanted!r}"

    def _pattern(self, wanted, value, where, _):
        if isinstance(value, str) and not re.search(wanted, value):
            yield f"{where}: {value!r} is not as {wanted}"

    def _minimum(self, wanted, value, where, _):
        if isinstance(value, int) and value < wanted:
            yield f"{where}: {value} is below {wanted}"

    def _required(self, wanted, value, where, _):
        for name in wanted if isinstance(value, dict) else []:
            if name not in value:
                yield f"{where}: {name} is missing"

    def _properties(self, wanted, value, where, _):
        for name, member in value.items() if isinstance(value, dict) else []:
            if name in wanted:
                yield from self._differ(wanted[name], member, f"{where}/{name}")

    def _additionalProperties(self, wanted, value, where, schema):
        for name, member in value.items() if isinstance(value, dict) else []:
            if name not in schema.get("properties", {}):
                if wanted is False:
                    yield f"{where}: {name} is not described"
                elif wanted is not True:
                    yield from self._differ(wanted, member, f"{where}/{name}")

    def _items(self, wanted, value, where, _):
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from self._differ(wanted, item, f"{where}/{index}")
