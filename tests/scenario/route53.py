"""What the scenes of the Route 53 API stand on: real clients pointed at a signpostd of their own."""

import http.client
import urllib.parse
import xml.etree.ElementTree

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
import botocore.exceptions
import pytest

NAMESPACE = "{https://route53.amazonaws.com/doc/2013-04-01/}"
KEY, SECRET = "AKSIGNPOST", "lighthouse"


def endpoint(daemon):
    return f"http://127.0.0.1:{daemon.http_port}"


def client(daemon, key=KEY, secret=SECRET, region="eu-west-1"):
    """boto3's Route 53 client; it tries everything once."""
    return boto3.client(
        "route53",
        endpoint_url=endpoint(daemon),
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        region_name=region,
        config=botocore.config.Config(
            retries={"total_max_attempts": 1},
            parameter_validation=False,  # what is wrong shall be refused by the server
        ),
    )


class Reply:
    """An XML reply: status, headers, and the document without its namespace."""

    def __init__(self, response):
        self.status = response.status
        self.headers = dict(response.getheaders())
        self.text = response.read()
        self.document = xml.etree.ElementTree.fromstring(self.text) if self.text else None

    def find(self, path):
        """The text at "Error/Code", None when it is not there."""
        element = self.document.find("/".join(NAMESPACE + part for part in path.split("/")))
        return None if element is None else element.text or ""

    def find_all(self, path):
        parts = "/".join(NAMESPACE + part for part in path.split("/"))
        return [element.text or "" for element in self.document.findall(parts)]

    @property
    def code(self):
        return self.find("Error/Code")

    @property
    def message(self):
        return self.find("Error/Message")


def raw(daemon, method, target, body=None, headers=None, key=KEY, secret=SECRET, signed=True):
    """One request as it stands, signed as botocore signs: for what boto3's model does not know or
    would not send.  target: "/2013-04-01/hostedzone?maxitems=3"; body: the document."""
    url = endpoint(daemon) + target
    request = botocore.awsrequest.AWSRequest(
        method=method, url=url, data=body, headers=dict(headers or {})
    )
    if signed:
        credentials = botocore.credentials.Credentials(key, secret)
        botocore.auth.SigV4Auth(credentials, "route53", "eu-west-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", daemon.http_port, timeout=30)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True, skip_host=True)
        if "Host" not in request.headers:
            request.headers["Host"] = urllib.parse.urlsplit(url).netloc
        for name, value in request.headers.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body.encode())))
        connection.endheaders(None if body is None else body.encode())
        return Reply(connection.getresponse())
    finally:
        connection.close()


def document(root, inner):
    """A request's document."""
    return f'<{root} xmlns="https://route53.amazonaws.com/doc/2013-04-01/">{inner}</{root}>'


class Refusal:
    """What was refused: code, message, HTTP status."""

    def __init__(self, error):
        self.code = error.response["Error"]["Code"]
        self.message = error.response["Error"].get("Message", "")
        self.status = error.response["ResponseMetadata"]["HTTPStatusCode"]


def refused(call, *arguments, **options):
    """The refusal that the call of a client ends with."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(*arguments, **options)
    return Refusal(caught.value)


def create_zone(route53, name="harbor.test", reference=None, **options):
    """The bare id of a new zone."""
    reply = route53.create_hosted_zone(
        Name=name, CallerReference=reference or f"reference of {name}", **options
    )
    return reply["HostedZone"]["Id"].removeprefix("/hostedzone/")


def change(action, name, rdtype, *values, ttl=60, **more):
    """One change of a batch, of plain values unless `more` says otherwise."""
    record_set = {"Name": name, "Type": rdtype, **more}
    if values:
        record_set["TTL"] = ttl
        record_set["ResourceRecords"] = [{"Value": value} for value in values]
    return {"Action": action, "ResourceRecordSet": record_set}


def apply(route53, zone, *changes, comment=None):
    """Applies a batch; its ChangeInfo."""
    batch = {"Changes": list(changes)}
    if comment is not None:
        batch["Comment"] = comment
    return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]
