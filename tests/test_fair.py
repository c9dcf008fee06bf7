"""The metrics of F-UJI 0.8 that a page can meet without a server, each looked at as F-UJI does: in the static HTML.

FsF-F1-02MD, a persistent identifier, is met as soon as a DOI is registered and set in metadata.toml; FsF-A1-02MD and
the two of FsF-A1.1 and A1.2 as far as a page can: every address is https and leads to a file that is built.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
from conftest import ROOT
from test_discovery import REPOSITORY, SET, SITE, Page, catalogue

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own reader of JSON-LD

DOI = f"https://doi.org/{SET['doi']}"
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
SCHEMA = rdflib.Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def page(describe: Callable[..., Any]) -> Page:
    return Page(describe(SET).page())


@pytest.fixture(scope="module")
def found(page: Page) -> dict[str, Any]:
    (script,) = page.scripts
    dataset: dict[str, Any] = json.loads(script)
    return dataset


@pytest.fixture(scope="module")
def graph(found: dict[str, Any]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=json.dumps(found), format="json-ld", publicID=SITE)


def links(page: Page, rel: str) -> list[dict[str, str]]:
    return [element for tag, element in page.elements if tag == "link" and element.get("rel") == rel]


def test_f1_01md_the_data_has_a_unique_identifier(found: dict[str, Any]) -> None:
    assert SITE in found["identifier"]
    assert found["url"] == SITE


def test_f1_02md_the_identifier_persists_once_one_is_registered(found: dict[str, Any], page: Page) -> None:
    assert found["@id"] == DOI
    assert [link["href"] for link in links(page, "cite-as")] == [DOI]


@pytest.mark.parametrize(
    "name", ["creator", "name", "identifier", "datePublished", "publisher", "@type", "description", "keywords"]
)
def test_f2_01m_core_metadata_are_there(found: dict[str, Any], name: str) -> None:
    assert found[name]


def test_f3_01m_the_metadata_name_the_data(found: dict[str, Any]) -> None:
    assert all(file["contentUrl"].startswith("https://") for file in found["distribution"])


def test_f4_01m_the_metadata_stand_in_static_html_for_search_engines(page: Page) -> None:
    assert [element for tag, element in page.elements if tag == "script"] == [{"type": "application/ld+json"}]
    assert "noindex" not in [element.get("content") for tag, element in page.elements if tag == "meta"]


def test_a1_01m_the_level_of_access_is_said(found: dict[str, Any]) -> None:
    assert found["isAccessibleForFree"] is True
    assert found["conditionsOfAccess"] == "http://purl.org/coar/access_right/c_abf2"


def addresses(page: Page, found: dict[str, Any]) -> set[str]:
    of_page = {element["href"] for _, element in page.elements if "href" in element}
    return (
        of_page | {file["contentUrl"] for file in found["distribution"]} | {each["url"] for each in found["subjectOf"]}
    )


def test_a1_02md_every_address_leads_to_a_file_that_is_built(page: Page, found: dict[str, Any]) -> None:
    own = {address.removeprefix(SITE) for address in addresses(page, found) if address.startswith(SITE)}
    assert len(own) > len(found["distribution"])
    assert [path for path in own if not (ROOT / Path(path)).exists()] == []


@pytest.mark.parametrize("metric", ["A1.1-01MD", "A1.2-01MD"])
def test_a1_1_and_a1_2_the_protocol_is_standard_and_can_authenticate(
    page: Page, found: dict[str, Any], metric: str
) -> None:
    assert [address for address in addresses(page, found) if not address.startswith("https://")] == []


def test_i1_01m_metadata_are_formal_and_linked(page: Page, graph: rdflib.Graph) -> None:
    assert len(graph) > 200
    kinds = {link["href"].removeprefix(SITE): link["type"] for link in links(page, "describedby")}
    assert kinds == {
        "docs/dataset.jsonld": "application/ld+json",
        "docs/dcat.jsonld": "application/ld+json",
        "docs/croissant.json": "application/ld+json",
        "datapackage.json": "application/json",
    }


def test_i2_01m_a_vocabulary_beyond_the_common_ones_is_used(graph: rdflib.Graph) -> None:
    assert (None, rdflib.RDF.type, PROV.Entity) in graph
    assert [*graph.objects(None, PROV.wasDerivedFrom)]


def test_i3_01m_related_resources_are_linked_with_their_relation(found: dict[str, Any]) -> None:
    assert found["isBasedOn"]
    assert all(address.startswith("https://") for address in found["isBasedOn"])
    assert found["codeRepository"] == REPOSITORY


def test_r1_01m_the_content_is_specified(found: dict[str, Any], frozen_package: Path) -> None:
    assert found["variableMeasured"]
    for file in found["distribution"]:
        content = frozen_package / file["contentUrl"].removeprefix(SITE)
        assert int(file["contentSize"]) == content.stat().st_size
        assert file["encodingFormat"] in ("text/csv", "application/vnd.apache.parquet")


def test_r1_1_01m_a_standard_licence_is_given(found: dict[str, Any], page: Page) -> None:
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [link["href"] for link in links(page, "license")] == [found["license"]]


def test_r1_2_01m_provenance_is_given(found: dict[str, Any], graph: rdflib.Graph) -> None:
    assert found["creator"]
    assert found["dateModified"] >= found["datePublished"]
    assert {*graph.objects(None, PROV.wasDerivedFrom)} == {rdflib.URIRef(site) for site in found["isBasedOn"]}
    assert [*graph.objects(None, PROV.generatedAtTime)]


def test_r1_3_01m_a_standard_of_data_portals_is_followed(page: Page, describe: Callable[..., Any]) -> None:
    assert f"{SITE}docs/dcat.jsonld" in [link["href"] for link in links(page, "describedby")]
    datasets = catalogue(describe(SET).dcat()).subjects(
        rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/dcat#Dataset")
    )
    assert [*map(str, datasets)] == [DOI]


def test_r1_3_02d_there_is_a_format_for_long_keeping(found: dict[str, Any]) -> None:
    open_formats = [file["name"] for file in found["distribution"] if file["encodingFormat"] == "text/csv"]
    assert len(open_formats) == len(found["distribution"]) / 2
