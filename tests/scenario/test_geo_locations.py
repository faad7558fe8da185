"""ListGeoLocations and GetGeoLocation, as clients see them."""

import pytest

import route53
from harness import Daemon

UKRAINE = "05 07 09 11 12 14 18 20 21 23 26 30 32 35 46 48 51 53 56 59 61 63 65 68 71 74 77".split()
STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH "
    "NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
).split()
CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("geo"))
    try:
        yield daemon.start()
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="module")
def client(daemon):
    return route53.client(daemon)


@pytest.fixture(scope="module")
def everything(client):
    page = client.list_geo_locations(MaxItems="500")
    assert page["IsTruncated"] is False and page["MaxItems"] == "500"
    assert not any(key.startswith("Next") for key in page)
    return page["GeoLocationDetailsList"]


def key(entry):
    return tuple(entry.get(name) for name in ("ContinentCode", "CountryCode", "SubdivisionCode"))


def test_everything_is_there_in_its_order(everything):
    """A-GEO-1."""
    assert len(everything) == 332
    countries = [
        e["CountryCode"] for e in everything if "SubdivisionCode" not in e and "CountryCode" in e
    ]
    assert everything[0] == {"CountryCode": "*", "CountryName": "Default"}
    assert countries[0] == "*" and countries[1:] == sorted(countries[1:]) and len(countries) == 247
    assert "XK" in countries and not {"BV", "CX", "EH", "HM"} & set(countries)
    assert everything[-7:] == [
        {"ContinentCode": code, "ContinentName": name} for code, name in CONTINENTS.items()
    ]


@pytest.mark.parametrize("country, codes", [("UA", UKRAINE), ("US", STATES)])
def test_subdivisions_follow_their_country(everything, country, codes):
    """A-GEO-1, A-GEO-2."""
    place = [key(entry) for entry in everything].index((None, country, None))
    behind = everything[place + 1 : place + 1 + len(codes)]
    assert [entry["SubdivisionCode"] for entry in behind] == codes
    assert {entry["CountryCode"] for entry in behind} == {country}
    assert "SubdivisionCode" not in everything[place + 1 + len(codes)]


def test_every_entry_has_its_names(everything):
    """A-GEO-2, and the lengths of section 15.3."""
    for entry in everything:
        for what, most in (("Continent", 32), ("Country", 64), ("Subdivision", 64)):
            assert (what + "Code" in entry) == (what + "Name" in entry)
            assert 1 <= len(entry.get(what + "Name", "-")) <= most
    assert len({key(entry) for entry in everything}) == 332


def test_pages_put_together_are_the_whole(client, everything):
    """A-GEO-3: a page size that splits subdivisions and continents from each other."""
    seen, start = [], {}
    while True:
        page = client.list_geo_locations(MaxItems="7", **start)
        assert page["MaxItems"] == "7"
        seen += page["GeoLocationDetailsList"]
        start = {"Start" + name[4:]: page[name] for name in page if name.startswith("Next")}
        if not page["IsTruncated"]:
            break
        assert len(page["GeoLocationDetailsList"]) == 7
        assert set(start) <= {"StartContinentCode", "StartCountryCode", "StartSubdivisionCode"}
    assert start == {}
    assert seen == everything


@pytest.mark.parametrize(
    "start, first, next",
    [
        ({}, ("*",), {"NextCountryCode": "AD"}),
        (
            {"StartCountryCode": "UA"},
            ("UA", None),
            {"NextCountryCode": "UA", "NextSubdivisionCode": "05"},
        ),
        (
            {"StartCountryCode": "US", "StartSubdivisionCode": "WY"},
            ("US", "WY"),
            {"NextCountryCode": "UY"},
        ),
        ({"StartCountryCode": "ZW"}, ("ZW", None), {"NextContinentCode": "AF"}),
        ({"StartCountryCode": "AA"}, ("AD", None), {"NextCountryCode": "AE"}),  # no such country
    ],
)
def test_a_page_begins_where_it_is_told(client, start, first, next):
    """A-GEO-3."""
    page = client.list_geo_locations(MaxItems="1", **start)
    (entry,) = page["GeoLocationDetailsList"]
    assert (entry["CountryCode"], entry.get("SubdivisionCode"))[: len(first)] == first
    assert {name: page[name] for name in page if name.startswith("Next")} == next


def test_a_page_of_continents(client):
    """A-GEO-3."""
    page = client.list_geo_locations(StartContinentCode="OC")
    assert [entry["ContinentCode"] for entry in page["GeoLocationDetailsList"]] == ["OC", "SA"]
    assert page["IsTruncated"] is False and page["MaxItems"] == "100"


@pytest.mark.parametrize(
    "query",
    [
        "maxitems=0",
        "maxitems=abc",
        "maxitems=-1",
        "startsubdivisioncode=CA",
        "startcontinentcode=EU&startcountrycode=DE",
        "startcontinentcode=EUROPE",
    ],
)
def test_what_a_page_cannot_be(daemon, query):
    """A-XML-11, A-TRP-31, A-GEO-3."""
    reply = route53.raw(daemon, "GET", f"/2013-04-01/geolocations?{query}")
    assert (reply.status, reply.code) == (400, "InvalidInput")


def test_more_than_the_most_is_the_most(daemon):
    """A-XML-11."""
    reply = route53.raw(daemon, "GET", "/2013-04-01/geolocations?maxitems=501")
    assert reply.find("MaxItems") == "500"


@pytest.mark.parametrize(
    "asked, told",
    [
        ({"ContinentCode": "EU"}, {"ContinentCode": "EU", "ContinentName": "Europe"}),
        ({"CountryCode": "XK"}, {"CountryCode": "XK", "CountryName": "Kosovo"}),
        ({"CountryCode": "*"}, {"CountryCode": "*", "CountryName": "Default"}),
        (
            {"CountryCode": "US", "SubdivisionCode": "VA"},
            {
                "CountryCode": "US",
                "CountryName": "United States",
                "SubdivisionCode": "VA",
                "SubdivisionName": "Virginia",
            },
        ),
    ],
)
def test_one_place(client, asked, told):
    """A-GEO-4."""
    assert client.get_geo_location(**asked)["GeoLocationDetails"] == told


@pytest.mark.parametrize(
    "asked, code, status",
    [
        ({}, "InvalidInput", 400),
        ({"SubdivisionCode": "VA"}, "InvalidInput", 400),
        ({"ContinentCode": "EU", "CountryCode": "DE"}, "InvalidInput", 400),
        ({"CountryCode": "BV"}, "NoSuchGeoLocation", 404),
        ({"CountryCode": "us"}, "NoSuchGeoLocation", 404),
        ({"ContinentCode": "XX"}, "NoSuchGeoLocation", 404),
        ({"CountryCode": "US", "SubdivisionCode": "XX"}, "NoSuchGeoLocation", 404),
        ({"CountryCode": "DE", "SubdivisionCode": "BY"}, "NoSuchGeoLocation", 404),
        ({"CountryCode": "*", "SubdivisionCode": "VA"}, "NoSuchGeoLocation", 404),
    ],
)
def test_no_such_place(client, asked, code, status):
    """A-GEO-4."""
    refusal = route53.refused(client.get_geo_location, **asked)
    assert (refusal.code, refusal.status) == (code, status)
    if code == "NoSuchGeoLocation":
        assert refusal.message == "The specified geo location is not supported."
