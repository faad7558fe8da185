"""Key-signing keys and the signing status of zones, as clients that wait for them see them."""

import base64

import dns.dnssec
import dns.name
import dns.rdata
import pytest
from dns.rdatatype import DNSKEY, RRSIG

import route53
from route53 import refused

ARN = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-00000000000{}"


@pytest.fixture
def daemon(make_daemon):
    return make_daemon().start()


@pytest.fixture
def client(daemon):
    return route53.client(daemon)


@pytest.fixture
def zone(client):
    return route53.create_zone(client)


@pytest.fixture
def private_zone(client):
    return route53.create_zone(
        client, "inner.test", VPC={"VPCRegion": "eu-west-1", "VPCId": "vpc-0a1b2c3d"}
    )


def create_key(client, zone, name="lighthouse", number=1, status="ACTIVE", **more):
    wish = {
        "CallerReference": name,
        "HostedZoneId": zone,
        "KeyManagementServiceArn": ARN.format(number),
        "Name": name,
        "Status": status,
    }
    return client.create_key_signing_key(**{**wish, **more})


def state(client, zone):
    """("SIGNING", {"lighthouse": "ACTIVE"})."""
    answer = client.get_dnssec(HostedZoneId=zone)
    keys = {key["Name"]: key["Status"] for key in answer["KeySigningKeys"]}
    return answer["Status"]["ServeSignature"], keys


def is_in_sync(client, answer):
    change = answer["ChangeInfo"]
    assert change["Status"] == "PENDING"
    return client.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"


def is_signed(daemon, name="harbor.test"):
    """Whether the zone's DNSKEY set is there and validates by its own keys (R-SEC-5)."""
    reply = daemon.ask(name, "DNSKEY", do=True)
    owner = dns.name.from_text(name)
    sets = {rrset.rdtype: rrset for rrset in reply.answer}
    if DNSKEY not in sets:
        return False
    dns.dnssec.validate(sets[DNSKEY], sets[RRSIG], {owner: sets[DNSKEY]})
    return True


def key_file(daemon, number=1):
    """Where the private half lies that the ARN stands for."""
    uuid = ARN.format(number).rpartition("/")[2]
    (found,) = (path for path in daemon.folder.rglob(f"{uuid}*") if path.is_file())
    return found


def put_ds(client, parent, key, action="UPSERT"):
    """The key's DS and an NS into the zone above harbor.test."""
    sets = [("DS", key["DSRecord"]), ("NS", "ns.example.net.")]
    changes = [
        {
            "Action": action,
            "ResourceRecordSet": {
                "Name": "harbor.test",
                "Type": rdtype,
                "TTL": 60,
                "ResourceRecords": [{"Value": value}],
            },
        }
        for rdtype, value in sets
    ]
    client.change_resource_record_sets(HostedZoneId=parent, ChangeBatch={"Changes": changes})


def test_a_zone_without_dnssec_says_so(client, zone, private_zone):
    """A-SEC-1, 5.2: Terraform asks on every forced destroy."""
    answer = client.get_dnssec(HostedZoneId=zone)
    assert answer["Status"] == {"ServeSignature": "NOT_SIGNING"}
    assert answer["KeySigningKeys"] == []
    assert client.get_dnssec(HostedZoneId=f"/hostedzone/{zone}")["KeySigningKeys"] == []
    refusal = refused(client.get_dnssec, HostedZoneId="Z0000000000000NOBODY")
    assert (refusal.code, refusal.status) == ("NoSuchHostedZone", 404)
    for call in (
        client.get_dnssec,
        client.enable_hosted_zone_dnssec,
        client.disable_hosted_zone_dnssec,
    ):
        refusal = refused(call, HostedZoneId=private_zone)
        assert (refusal.code, refusal.status) == ("InvalidArgument", 400)
        assert "Operation is unsupported for private" in refusal.message
    assert refused(create_key, client, private_zone).code == "InvalidArgument"


def test_the_ds_record_is_what_others_make_of_the_dnskey(client, zone):
    """A-KSK-1, A-KSK-2, R-SEC-2, R-SEC-3."""
    answer = create_key(client, zone)
    assert is_in_sync(client, answer)
    assert (
        answer["ResponseMetadata"]["HTTPHeaders"]["location"]
        == f"https://route53.amazonaws.com/2013-04-01/keysigningkey/{zone}/lighthouse"
    )
    key = answer["KeySigningKey"]
    assert client.get_dnssec(HostedZoneId=zone)["KeySigningKeys"] == [key]
    assert key["Name"] == "lighthouse"
    assert key["KmsArn"] == ARN.format(1)
    assert key["Status"] == "ACTIVE"
    assert key["CreatedDate"] == key["LastModifiedDate"]

    dnskey = dns.rdata.from_text("IN", "DNSKEY", key["DNSKEYRecord"])
    assert (dnskey.flags, dnskey.protocol, dnskey.algorithm) == (257, 3, 13)
    assert (key["Flag"], key["SigningAlgorithmType"]) == (257, 13)
    assert key["SigningAlgorithmMnemonic"] == "ECDSAP256SHA256"
    assert base64.b64decode(key["PublicKey"]) == dnskey.key
    assert key["KeyTag"] == dns.dnssec.key_id(dnskey)

    ds = dns.dnssec.make_ds(dns.name.from_text("harbor.test."), dnskey, "SHA256")
    assert dns.rdata.from_text("IN", "DS", key["DSRecord"]) == ds
    assert key["DSRecord"] == f"{ds.key_tag} 13 2 {ds.digest.hex().upper()}"
    assert key["DigestValue"] == ds.digest.hex().upper()
    assert (key["DigestAlgorithmMnemonic"], key["DigestAlgorithmType"]) == ("SHA-256", 2)


def test_the_same_arn_is_the_same_key(client, zone):
    """A-KSK-1: an ARN is bound to a local key, as a key of KMS outlives what uses it."""
    other = route53.create_zone(client, "pier.test")
    first = create_key(client, zone, status="INACTIVE")["KeySigningKey"]
    assert create_key(client, other)["KeySigningKey"]["PublicKey"] == first["PublicKey"]
    client.delete_key_signing_key(HostedZoneId=zone, Name="lighthouse")
    again = create_key(client, zone, name="beacon")["KeySigningKey"]
    assert (again["PublicKey"], again["DSRecord"]) == (first["PublicKey"], first["DSRecord"])


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"KeyManagementServiceArn": "arn:aws:kms:eu-west-1:111122223333:key/x"}, "InvalidKMSArn"),
        ({"KeyManagementServiceArn": ARN.format("01")}, "InvalidKMSArn"),
        ({"KeyManagementServiceArn": ""}, "InvalidKMSArn"),
        ({"Name": "light-house"}, "InvalidKeySigningKeyName"),
        ({"Name": "light house"}, "InvalidKeySigningKeyName"),
        ({"Name": "ab"}, "InvalidInput"),
        ({"Name": "a" * 129}, "InvalidInput"),
        ({"Status": "DELETING"}, "InvalidKeySigningKeyStatus"),
        ({"HostedZoneId": "Z0000000000000NOBODY"}, "NoSuchHostedZone"),
    ],
)
def test_keys_that_cannot_be(client, zone, wrong, code):
    """A-KSK-1, 15.5."""
    assert refused(create_key, client, zone, **wrong).code == code
    assert state(client, zone) == ("NOT_SIGNING", {})


def test_two_keys_of_different_names_and_arns(client, zone):
    """A-KSK-1, R-SEC-1."""
    create_key(client, zone)
    for name, number in [("lighthouse", 2), ("beacon", 1)]:
        refusal = refused(create_key, client, zone, name=name, number=number)
        assert (refusal.code, refusal.status) == ("KeySigningKeyAlreadyExists", 409)
    create_key(client, zone, name="beacon", number=2)
    refusal = refused(create_key, client, zone, name="buoy", number=3)
    assert (refusal.code, refusal.status) == ("TooManyKeySigningKeys", 400)


def test_from_the_first_key_to_the_last(daemon, client, zone):
    """A-KSK-3, A-KSK-4, R-SEC-1, R-SEC-4, R-SEC-8."""
    key = {"HostedZoneId": zone, "Name": "lighthouse"}
    refusal = refused(client.disable_hosted_zone_dnssec, HostedZoneId=zone)
    assert (refusal.code, refusal.status) == ("DNSSECNotFound", 400)
    create_key(client, zone, status="INACTIVE")
    refusal = refused(client.enable_hosted_zone_dnssec, HostedZoneId=zone)
    assert (refusal.code, refusal.status) == ("KeySigningKeyWithActiveStatusNotFound", 400)
    assert refusal.message == (
        f"Hosted zone with ID '{zone}' does not have a Key Signing Key in ACTIVE status."
    )

    for _ in range(2):  # being there already is success
        assert is_in_sync(client, client.activate_key_signing_key(**key))
        assert state(client, zone) == ("NOT_SIGNING", {"lighthouse": "ACTIVE"})
    for _ in range(2):
        assert is_in_sync(client, client.enable_hosted_zone_dnssec(HostedZoneId=zone))
        assert state(client, zone) == ("SIGNING", {"lighthouse": "ACTIVE"})
    assert "StatusMessage" not in client.get_dnssec(HostedZoneId=zone)["Status"]
    assert is_signed(daemon)

    refusal = refused(client.deactivate_key_signing_key, **key)
    assert (refusal.code, refusal.status) == ("KeySigningKeyInUse", 400)
    refusal = refused(client.delete_key_signing_key, **key)
    assert (refusal.code, refusal.status) == ("InvalidKeySigningKeyStatus", 400)
    assert refusal.message == (
        "Key Signing Key with name lighthouse cannot be deleted because current status is not "
        "INACTIVE."
    )
    daemon.stop()
    daemon.start()
    client = route53.client(daemon)
    assert state(client, zone) == ("SIGNING", {"lighthouse": "ACTIVE"})
    assert is_signed(daemon)

    for _ in range(2):
        assert is_in_sync(client, client.disable_hosted_zone_dnssec(HostedZoneId=zone))
        assert state(client, zone) == ("NOT_SIGNING", {"lighthouse": "ACTIVE"})
    assert not is_signed(daemon)
    for _ in range(2):
        assert is_in_sync(client, client.deactivate_key_signing_key(**key))
        assert state(client, zone) == ("NOT_SIGNING", {"lighthouse": "INACTIVE"})
    assert is_in_sync(client, client.delete_key_signing_key(**key))
    assert state(client, zone) == ("NOT_SIGNING", {})


def test_the_last_active_key_is_the_one_that_stays(client, zone):
    """R-SEC-8."""
    create_key(client, zone)
    create_key(client, zone, name="beacon", number=2)
    client.enable_hosted_zone_dnssec(HostedZoneId=zone)
    client.deactivate_key_signing_key(HostedZoneId=zone, Name="lighthouse")
    refusal = refused(client.deactivate_key_signing_key, HostedZoneId=zone, Name="beacon")
    assert refusal.code == "KeySigningKeyInUse"
    client.delete_key_signing_key(HostedZoneId=zone, Name="lighthouse")
    assert state(client, zone) == ("SIGNING", {"beacon": "ACTIVE"})


def test_keys_that_are_not_there(client, zone):
    """1.2: NoSuchKeySigningKey, for a zone that is not there as well."""
    for where in (zone, "Z0000000000000NOBODY"):
        for call in (
            client.activate_key_signing_key,
            client.deactivate_key_signing_key,
            client.delete_key_signing_key,
        ):
            refusal = refused(call, HostedZoneId=where, Name="lighthouse")
            assert (refusal.code, refusal.status) == ("NoSuchKeySigningKey", 404)


def test_a_key_keeps_its_zone(client, zone):
    """A-ZON-27."""
    create_key(client, zone, status="INACTIVE")
    refusal = refused(client.delete_hosted_zone, Id=zone)
    assert (refusal.code, refusal.status) == ("HostedZoneNotEmpty", 400)
    assert refusal.message == (
        "The specified hosted zone contains DNSSEC Key Signing Keys and so cannot be deleted."
    )
    client.delete_key_signing_key(HostedZoneId=zone, Name="lighthouse")
    client.delete_hosted_zone(Id=zone)


def test_the_prefixed_id_is_as_good(client, zone):
    """A-ID-1."""
    create_key(client, f"/hostedzone/{zone}")
    client.enable_hosted_zone_dnssec(HostedZoneId=f"/hostedzone/{zone}")
    assert state(client, zone) == ("SIGNING", {"lighthouse": "ACTIVE"})


def test_a_parent_that_is_hosted_here_keeps_a_key_in_use(client, zone):
    """R-SEC-8."""
    parent = route53.create_zone(client, "test")
    key = create_key(client, zone)["KeySigningKey"]
    create_key(client, zone, name="beacon", number=2)
    client.enable_hosted_zone_dnssec(HostedZoneId=zone)
    put_ds(client, parent, key)
    wish = {"HostedZoneId": zone, "Name": "lighthouse"}
    refusal = refused(client.deactivate_key_signing_key, **wish)
    assert (refusal.code, refusal.status) == ("KeySigningKeyInParentDSRecord", 400)
    refusal = refused(client.disable_hosted_zone_dnssec, HostedZoneId=zone)
    assert (refusal.code, refusal.status) == ("KeySigningKeyInParentDSRecord", 400)
    client.deactivate_key_signing_key(HostedZoneId=zone, Name="beacon")
    put_ds(client, parent, key, action="DELETE")
    client.activate_key_signing_key(HostedZoneId=zone, Name="beacon")
    client.deactivate_key_signing_key(**wish)
    client.disable_hosted_zone_dnssec(HostedZoneId=zone)


def test_a_key_that_is_lost_needs_action(daemon, client, zone):
    """R-SEC-4, R-SEC-6: what was signed ahead goes on; A-KSK-1."""
    create_key(client, zone)
    client.enable_hosted_zone_dnssec(HostedZoneId=zone)
    daemon.stop()
    file = key_file(daemon)
    file.rename(file.parent / "elsewhere")
    daemon.start()
    client = route53.client(daemon)
    assert state(client, zone) == ("ACTION_NEEDED", {"lighthouse": "ACTION_NEEDED"})
    told = client.get_dnssec(HostedZoneId=zone)
    assert "lighthouse" in told["Status"]["StatusMessage"]
    assert ARN.format(1) in told["KeySigningKeys"][0]["StatusMessage"]
    assert is_signed(daemon)

    create_key(client, zone, name="beacon", number=2)
    refusal = refused(client.deactivate_key_signing_key, HostedZoneId=zone, Name="beacon")
    assert (refusal.code, refusal.status) == ("InvalidKeySigningKeyStatus", 400)
    client.deactivate_key_signing_key(HostedZoneId=zone, Name="lighthouse")
    assert state(client, zone) == ("SIGNING", {"lighthouse": "INACTIVE", "beacon": "ACTIVE"})
    refusal = refused(client.activate_key_signing_key, HostedZoneId=zone, Name="lighthouse")
    assert (refusal.code, refusal.status) == ("InvalidKMSArn", 400)
    assert ARN.format(1) in refusal.message
    assert is_signed(daemon)
