"""What machines read of the dataset: valid by their own rules, true of the files, and silent on what is not set."""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import mlcroissant
import pyshacl
import pytest
import rdflib
import yaml
from conftest import ROOT
from huggingface_hub import DatasetCard

import india_japan_engagements as ije

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own reader of JSON-LD

PROFILES = Path(__file__).parent / "profiles"
SITE = "https://example.org/ije/"
REPOSITORY = "https://example.org/source"
DOI = "10.5555/12345678"
SET = {"doi": DOI, "site": SITE, "repository": REPOSITORY}
UNSET = dict.fromkeys(SET, "")

Documents = Callable[[dict[str, str]], dict[str, str]]


@pytest.fixture(scope="module")
def documents(describe: Callable[[dict[str, str]], Any]) -> Documents:
    return lambda addresses: {name: content.decode() for name, content in describe(addresses).generated()}


def valid(instance: Any, profile: str) -> list[str]:
    """Return what a profile objects to."""
    schema = json.loads((PROFILES / profile).read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(instance)]


@pytest.mark.parametrize("addresses", [SET, UNSET])
def test_zenodo_takes_the_deposit(documents: Documents, addresses: dict[str, str]) -> None:
    found = json.loads(documents(addresses)[".zenodo.json"])
    assert valid(found, "zenodo.json") == []
    named = [related["identifier"] for related in found.get("related_identifiers", [])]
    assert named == ([SITE, REPOSITORY] if addresses is SET else [])
    assert valid(found | {"license": "CC BY"}, "zenodo.json") == ["$.license: 'CC BY' does not match '^[a-z0-9.-]+$'"]


@pytest.mark.parametrize("addresses", [SET, UNSET])
def test_the_citation_file_is_valid(documents: Documents, addresses: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(documents(addresses)["CITATION.cff"], encoding="utf-8")
    command = ["check_jsonschema", "--builtin-schema", "vendor.citation-file-format", str(tmp_path / "CITATION.cff")]
    run = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    found = yaml.safe_load(documents(addresses)["CITATION.cff"])
    assert [found.get(key) for key in ("doi", "url", "repository-code")] == [
        addresses[key] or None for key in ("doi", "site", "repository")
    ]


def test_citation_and_deposit_say_the_same(documents: Documents) -> None:
    cff, zenodo = yaml.safe_load(documents(SET)["CITATION.cff"]), json.loads(documents(SET)[".zenodo.json"])
    assert zenodo["title"] == cff["title"]
    assert zenodo["creators"] == cff["authors"]
    assert zenodo["version"] == cff["version"]
    assert zenodo["publication_date"] == cff["date-released"]
    assert zenodo["license"] == cff["license"].lower()
    assert zenodo["keywords"] == cff["keywords"]


@pytest.mark.parametrize("addresses", [SET, UNSET])
def test_search_engines_read_a_dataset(documents: Documents, addresses: dict[str, str]) -> None:
    found = json.loads(documents(addresses)["docs/dataset.jsonld"])
    assert valid(found, "schema-org-dataset.json") == []
    graph = rdflib.Graph().parse(data=json.dumps(found), format="json-ld", publicID="https://example.org/")
    schema = rdflib.Namespace("https://schema.org/")
    (dataset,) = graph.subjects(rdflib.RDF.type, schema.Dataset)
    assert len({*graph.objects(dataset, schema.distribution)}) == 2 * len(ije.tables(views=True))
    assert found.get("identifier") == ([f"https://doi.org/{DOI}", SITE] if addresses is SET else None)


def test_the_profile_of_search_engines_refuses_what_they_would(documents: Documents) -> None:
    found = json.loads(documents(SET)["docs/dataset.jsonld"])
    spoiled = copy.deepcopy(found) | {"license": "CC BY 4.0", "description": "Short."}
    spoiled["distribution"][0]["contentSize"] = "1.2 MB"
    del spoiled["creator"]
    assert len(valid(spoiled, "schema-org-dataset.json")) == 4


@pytest.mark.parametrize("document", ["docs/dataset.jsonld", "docs/croissant.json"])
def test_sizes_and_hashes_are_those_of_the_files(documents: Documents, frozen_package: Path, document: str) -> None:
    for file in json.loads(documents(SET)[document])["distribution"]:
        content = (frozen_package / file["contentUrl"].removeprefix(SITE)).read_bytes()
        assert file["contentSize"].removesuffix(" B") == str(len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.fixture
def croissant(documents: Documents, frozen_package: Path) -> Iterator[mlcroissant.Dataset]:
    logging.disable()
    (frozen_package / "docs").mkdir(exist_ok=True)
    file = frozen_package / "docs" / "croissant.json"
    file.write_text(documents(UNSET)["docs/croissant.json"], encoding="utf-8")
    yield mlcroissant.Dataset(jsonld=str(file))
    logging.disable(logging.NOTSET)


def test_croissant_is_valid_and_loads_the_rows_of_every_table(croissant: mlcroissant.Dataset, record: Path) -> None:
    issues = croissant.metadata.issues
    assert (issues.errors, {*issues.warnings}) == (set(), {*issues.warnings} & UNAVOIDABLE)
    assert [found.id for found in croissant.metadata.record_sets] == [*ije.tables(views=True)]
    for table in ije.tables(views=True):
        rows = ije.load(table, as_="rows")
        loaded = [
            {key.partition("/")[2]: plain(value) for key, value in found.items()}
            for found in (croissant.records(record_set=table) if rows else [])
        ]
        assert loaded == rows, table


UNAVOIDABLE = {
    # Said where there is no address yet.
    '[Metadata(india-japan-engagements)] Property "https://schema.org/url" is recommended, but does not exist.',
}


def plain(value: Any) -> Any:
    """Return a value as Croissant's loader gives it in the type the table has."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime().date()
    return None if str(value) in ("NaT", "<NA>") else value


@pytest.mark.parametrize("addresses", [SET, UNSET])
def test_data_portals_read_a_catalogue(documents: Documents, addresses: dict[str, str]) -> None:
    graph = catalogue(documents(addresses)["docs/dcat.jsonld"])
    conforms, _, text = pyshacl.validate(graph, shacl_graph=str(PROFILES / "dcat-ap.ttl"), inference="none")
    assert conforms, text
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    (dataset,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    assert str(dataset) == (f"https://doi.org/{DOI}" if addresses is SET else "https://catalogue.example/#dataset")
    assert bool([*graph.objects(dataset, dcat.landingPage)]) == (addresses is SET)


def catalogue(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="json-ld", publicID="https://catalogue.example/")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dct:title", None),
        ("dcat:distribution", None),
        ("dct:issued", {"@value": "2026", "@type": "xsd:string"}),
        ("dct:publisher", {"@id": "#nobody"}),
        ("dct:temporal", {"@type": "dct:PeriodOfTime"}),
    ],
)
def test_the_profile_of_data_portals_refuses_what_they_would(documents: Documents, key: str, value: Any) -> None:
    found = json.loads(documents(SET)["docs/dcat.jsonld"])
    assert key in found["dcat:dataset"]
    found["dcat:dataset"][key] = value
    graph = catalogue(json.dumps(found))
    assert not pyshacl.validate(graph, shacl_graph=str(PROFILES / "dcat-ap.ttl"), inference="none")[0]


def test_the_card_has_one_configuration_a_table(documents: Documents, record: Path) -> None:
    card = DatasetCard(documents(SET)["docs/dataset-card.md"], ignore_metadata_errors=False)
    data = card.data.to_dict()
    assert data["license"] == "cc-by-4.0"
    assert data["language"] == ["en", "ja", "hi"]
    assert data["size_categories"] == ["1K<n<10K"]
    assert [config["config_name"] for config in data["configs"]] == [*ije.tables(views=True)]
    assert [config["config_name"] for config in data["configs"] if config.get("default")] == ["timeline"]
    assert all((record / config["data_files"]).is_file() for config in data["configs"])
    assert f"- DOI: https://doi.org/{DOI}" in card.text
    assert card.text.count("\n| `") == len(ije.tables(views=True))


class Page(HTMLParser):
    """A page's elements, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts.append(data)


@pytest.mark.parametrize("addresses", [SET, UNSET])
def test_the_page_holds_the_dataset_and_nothing_of_others(documents: Documents, addresses: dict[str, str]) -> None:
    written = documents(addresses)
    page = Page(written["docs/index.html"])
    assert [json.loads(script) for script in page.scripts] == [json.loads(written["docs/dataset.jsonld"])]
    assert [element["type"] for tag, element in page.elements if tag == "script"] == ["application/ld+json"]
    fetched = [element for tag, element in page.elements if "src" in element or element.get("rel") == "stylesheet"]
    assert fetched == []


def test_what_is_no_script_stays_no_script(describe: Callable[..., Any]) -> None:
    page = describe(UNSET, title="A </script><script>alert(1)</script> & <b>title</b>").page()
    assert page.count("<script") == page.count("</script") == 1
    assert json.loads(Page(page).scripts[0])["name"] == "A </script><script>alert(1)</script> & <b>title</b>"


def test_an_address_that_is_not_set_is_not_made_up(documents: Documents) -> None:
    written = documents(UNSET)
    for name, text in written.items():
        assert "doi.org" not in text, name
        assert "example.org" not in text, name
    assert "doi" not in yaml.safe_load(written["CITATION.cff"])


@pytest.mark.parametrize("addresses", [SET, UNSET])
def test_the_descriptor_names_what_is_set(describe: Callable[..., Any], addresses: dict[str, str]) -> None:
    import build

    dataset = describe(addresses)
    described = {file.table: (dataset.tables[file.table], file.path.rpartition(".")[0]) for file in dataset.files}
    files = {file.path: file.content for file in dataset.files}
    found = json.loads(build.descriptor(dataset.about, dataset.schemas, described, files))
    named = {key: found[key] for key in ("id", "homepage") if key in found}
    assert named == ({"id": f"https://doi.org/{DOI}", "homepage": SITE} if addresses is SET else {})


def test_the_committed_documents_say_what_metadata_toml_says() -> None:
    about = ije.metadata()
    found = json.loads((ROOT / "docs" / "dataset.jsonld").read_text(encoding="utf-8"))
    assert (found["name"], found["version"]) == (about["title"], about["version"])
    assert date.fromisoformat(found["datePublished"]) == about["release_date"]
    assert ("url" in found) == bool(about["addresses"]["site"])
