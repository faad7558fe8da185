"""The document of the HTTP interface against the interface: what is sent fits it, and what comes back."""

import json
import urllib.parse

import jsonschema
import pytest

from harness import ZONES

ZONE = """\
$TTL 60
www A 192.0.2.1
;@ pool 60 IN A weighted id="a" weight=1 check=web value 192.0.2.1
;@ pool 60 IN A weighted id="b" weight=1 value 192.0.2.2
;@ lb IN A simple alias lb.lab.test. zone=ZSIGNPOSTRESOURCES evaluate-health=yes
"""
LOCATIONS = (ZONES / "lab.locations.csv").read_text()
DEFINITION = {
    "name": "web fails",
    "for": "1m",
    "break": [{"check": "web", "state": "down"}],
    "watch": [{"name": "pool.lab.test", "type": "A"}],
}
RESOURCE = {
    "kind": "network-load-balancer",
    "ttl": 60,
    "zones": [{"name": "eu-west-1a", "addresses": ["192.0.2.7"]},
              {"name": "eu-west-1b", "addresses": ["192.0.2.8"]}],
}

# Each operation once, in an order that works.  A text in place of a body goes as it is; what is asked
# for by {name} stands in the reply of an earlier call.
CALLS = [
    ("readStatus", {}, {}, None),
    ("readDocument", {}, {}, None),
    ("createHealthCheck", {}, {}, {"id": "web"}),
    ("putResource", {"id": "lb.lab.test"}, {}, RESOURCE),
    ("importZone", {"zone": "lab.test"}, {"file": "lab.zone"}, ZONE),
    ("listZones", {}, {}, None),
    ("exportZone", {"zone": "lab.test"}, {}, None),
    ("listRecordSets", {"zone": "lab.test"}, {}, None),
    ("changeRecordSets", {"zone": "lab.test"}, {},
     {"changes": [{"action": "UPSERT", "name": "new.lab.test", "type": "A", "ttl": 60,
                   "values": ["192.0.2.9"]}]}),
    ("setSigning", {"zone": "lab.test"}, {}, {"signing": True}),
    ("readSigning", {"zone": "lab.test"}, {}, None),
    ("rotateKey", {"zone": "lab.test"}, {}, {"key": "ksk", "step": "begin"}),
    ("listHealthChecks", {}, {}, None),
    ("readHealthCheck", {"id": "web"}, {}, None),
    ("updateHealthCheck", {"id": "web"}, {}, {"inverted": True}),
    ("overrideHealthCheck", {"id": "web"}, {}, {"up": False, "owner": "me", "reason": "a test"}),
    ("clearHealthCheck", {"id": "web"}, {}, None),
    ("readHealthCheckHistory", {"id": "web"}, {"after_ms": "0"}, None),
    ("createCollection", {}, {}, {"name": "offices"}),
    ("changeCollection", {"id": "offices"}, {},
     {"changes": [{"action": "PUT", "location": "paris", "blocks": ["192.0.2.0/24"]}]}),
    ("listCollections", {}, {}, None),
    ("readCollection", {"id": "offices"}, {}, None),
    ("deleteCollection", {"id": "{empty}"}, {}, None),
    ("listResources", {}, {}, None),
    ("readResource", {"id": "lb.lab.test"}, {}, None),
    ("setAlarm", {"id": "high"}, {"region": "eu-west-1"}, {"state": "ALARM"}),
    ("listAlarms", {}, {}, None),
    ("readAlarm", {"id": "high"}, {"region": "eu-west-1"}, None),
    ("deleteAlarm", {"id": "high"}, {"region": "eu-west-1"}, None),
    ("createRoutingControl", {}, {}, {"name": "east"}),
    ("setRoutingControls", {}, {}, {"changes": [{"name": "east", "state": "On"}]}),
    ("createSafetyRule", {}, {},
     {"name": "one", "kind": "ASSERTION", "type": "ATLEAST", "threshold": 1,
      "asserted_controls": ["east"]}),
    ("listRoutingControls", {}, {}, None),
    ("listSafetyRules", {}, {}, None),
    ("deleteSafetyRule", {"id": "one"}, {}, None),
    ("deleteRoutingControl", {"id": "east"}, {}, None),
    ("startZonalShift", {}, {},
     {"resource": "lb.lab.test", "away_from": "eu-west-1a", "expires_in": "1h", "comment": "test"}),
    ("listZonalShifts", {}, {}, None),
    ("readZonalShift", {"id": "{shift}"}, {}, None),
    ("updateZonalShift", {"id": "{shift}"}, {}, {"comment": "longer", "expires_in": "2h"}),
    ("cancelZonalShift", {"id": "{shift}"}, {}, None),
    ("importLocations", {}, {"file": "places.csv"}, LOCATIONS),
    ("exportLocations", {}, {}, None),
    ("readLocation", {"id": "10.1.2.3"}, {}, None),
    ("importLatencies", {}, {}, "from,region,milliseconds\n10.0.0.0/8,eu-west-1,5\n"),
    ("exportLatencies", {}, {}, None),
    ("predictDrill", {}, {}, DEFINITION),
    ("startDrill", {}, {}, {"definition": DEFINITION, "owner": "me"}),
    ("listDrills", {}, {}, None),
    ("readDrill", {"id": "{drill}"}, {}, None),
    ("restoreDrill", {"id": "{drill}"}, {}, None),
    ("putDrillReport", {"id": "{drill}"}, {}, {"text": "it went well"}),
    ("readDrillReport", {"id": "{drill}"}, {}, None),
    ("explain", {}, {}, {"name": "pool.lab.test", "type": "A", "client": "10.1.2.3"}),
    ("simulate", {}, {},
     {"name": "pool.lab.test", "type": "A", "clients": ["10.1.2.3"], "queries": 50}),
    ("createKey", {}, {}, {"read_only": True, "comment": "a test"}),
    ("listKeys", {}, {}, None),
    ("deleteKey", {"id": "{key}"}, {}, None),
    ("readAudit", {}, {"limit": "5"}, None),
    ("deleteHealthCheck", {"id": "web"}, {}, None),
    ("deleteZone", {"zone": "lab.test"}, {"force": "1"}, None),
    ("deleteResource", {"id": "lb.lab.test"}, {}, None),
]


@pytest.fixture
def daemon(make_daemon):
    return make_daemon(checkers=["eu-west-1"]).start()


@pytest.fixture
def document(daemon):
    status, text = daemon.request("GET", "/signpost/v1/openapi.json")
    assert status == 200
    return text


def operations(document):
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def check(document, schema, value):
    resolver = jsonschema.RefResolver("", document)
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)


def check_content(document, content, value):
    """The one kind of content that an operation has, and what was sent or received."""
    ((_, described),) = content.items()
    check(document, described["schema"], value)


def test_the_schemas_are_schemas(document):
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_operation_takes_and_gives_what_the_document_says(daemon, document):
    described = operations(document)
    assert [call[0] for call in CALLS if call[0] not in described] == []
    assert sorted(described) == sorted(call[0] for call in CALLS)
    daemon.request("POST", "/signpost/v1/collections", '{"name":"empty"}')
    known = {"empty": "empty"}
    for name, variables, arguments, body in CALLS:
        method, path, operation = described[name]
        for variable, value in variables.items():
            value = value.format(**known)
            path = path.replace("{%s}" % variable, urllib.parse.quote(value, safe=""))
        allowed = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
        assert set(arguments) <= allowed, name
        query = "?" + urllib.parse.urlencode(arguments) if arguments else ""
        assert (body is None) == ("requestBody" not in operation), name
        if body is not None:
            check_content(document, operation["requestBody"]["content"], body)
        status, reply = daemon.request(method, path + query, body)
        assert status == 200, f"{name}: {reply}"
        try:
            check_content(document, operation["responses"]["200"]["content"], reply)
        except jsonschema.ValidationError as error:
            raise AssertionError(f"{name}: {error.message}: {reply}") from error
        if name in ("startZonalShift", "startDrill", "createKey"):
            member = {"startZonalShift": "shift", "startDrill": "drill", "createKey": "key"}[name]
            known[member] = reply["id"]


def test_refusals_are_as_described(daemon, document):
    schema = document["components"]["schemas"]["Error"]
    for method, path, body in (
        ("GET", "/signpost/v1/nothing", None),
        ("GET", "/signpost/v1/zones/none.test/records", None),
        ("POST", "/signpost/v1/zones/none.test/changes", "{"),
        ("PUT", "/signpost/v1/zones", None),
    ):
        status, reply = daemon.request(method, path, body)
        assert status >= 400
        check(document, schema, reply)
