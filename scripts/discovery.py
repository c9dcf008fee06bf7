"""What lets machines and strangers find and cite the dataset, each in the form its readers ask for.

CITATION.cff and .zenodo.json (citation), a page with schema.org in it (search engines, F-UJI), Croissant (machine
learning), DCAT-AP (data portals) and the card of Hugging Face. All of it says what metadata.toml, the schemas and the
rows say; of an address that is not set there, nothing is said.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import yaml

from india_japan_engagements.citation import citation
from india_japan_engagements.tableschema import Field, Schema

LANGUAGES = {"en": "ENG", "ja": "JPN", "hi": "HIN"}
"""The languages of the columns, and what the European list of languages calls them."""

FORMATS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}

COUNTRIES = ("IND", "JPN")

OPEN_ACCESS = "http://purl.org/coar/access_right/c_abf2"
EUROPEAN = "http://publications.europa.eu/resource/authority"

SITES = 10
"""How many of the sites that most pages were read from are named as what the dataset is based on."""

PLACES = {
    "docs/index.html": "page", "docs/dataset.jsonld": "schema_org", "docs/croissant.json": "croissant",
    "docs/dcat.jsonld": "dcat", "docs/dataset-card.md": "card", ".zenodo.json": "zenodo", "CITATION.cff": "citation",
}  # fmt: skip
"""Where each document is written, and the method that writes it."""

Json = dict[str, Any]


@dataclass
class File:
    """A table or view in a file, in one of the formats."""

    table: str
    format: str
    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.content).hexdigest()


def doi_address(metadata: Json) -> str:
    """Return where the DOI leads, empty while none is registered."""
    doi = metadata["addresses"]["doi"]
    return f"https://doi.org/{doi}" if doi else ""


class Dataset:
    """The dataset as all these documents speak of it."""

    def __init__(
        self, metadata: Json, schemas: dict[str, Schema], tables: dict[str, pa.Table], files: dict[str, bytes]
    ) -> None:
        """Gather what the documents say.

        Args:
            metadata: what metadata.toml says.
            schemas: of every table and view, by name.
            tables: their rows.
            files: the content of their files, by path.
        """
        self.about, self.schemas, self.tables = metadata, schemas, tables
        addresses: dict[str, str] = metadata["addresses"]
        self.site, self.repository = addresses["site"], addresses["repository"]
        self.doi = doi_address(metadata)
        self.license: Json = metadata["licenses"][0]
        self.people: list[str] = [person["title"] for person in metadata["contributors"]]
        self.cited = citation(metadata, "text")
        self.day: str = metadata["release_date"].isoformat()
        self.files = [
            File(path.rpartition("/")[2].partition(".")[0], path.rpartition(".")[2], path, content)
            for path, content in files.items()
        ]
        held = [row for row in tables["timeline"].to_pylist() if row["status"] == "held" and row["start_date"]]
        self.first: str = min(row["start_date"] for row in held)
        self.last: str = max(row["start_date"] for row in held)
        pages = [urlsplit(url or "").netloc for url in tables["sources"]["url"].to_pylist()]
        ranked = sorted(Counter(filter(None, pages)).items(), key=lambda site: (-site[1], site[0]))
        self.based_on = [f"https://{site}/" for site, _ in ranked[:SITES]]

    def generated(self) -> Iterator[tuple[str, bytes]]:
        """Yield each document with the path it is written to."""
        for path, method in PLACES.items():
            yield path, getattr(self, method)().encode()

    def address(self, path: str) -> str:
        """Return where a file is to be had; unless the site is set, from the folder docs/."""
        return self.site + path if self.site else f"../{path}"

    def citation(self) -> str:
        """Return CITATION.cff."""
        facts = {
            "cff-version": "1.2.0",
            "message": "If you use this dataset, please cite it with its version.",
            "type": "dataset",
            "title": self.about["title"],
            "abstract": self.about["description"],
            "authors": [{"name": person} for person in self.people],
            "version": self.about["version"],
            "date-released": self.day,
            "license": self.license["name"],
            "doi": self.about["addresses"]["doi"],
            "url": self.site,
            "repository-code": self.repository,
            "keywords": self.about["keywords"],
        }
        text: str = yaml.safe_dump(_said(facts), allow_unicode=True, sort_keys=False, width=110)
        return f"# Generated from metadata.toml by scripts/build.py.\n{text}"

    def zenodo(self) -> str:
        """Return .zenodo.json, which Zenodo reads in the place of CITATION.cff."""
        facts = {
            "upload_type": "dataset",
            "title": self.about["title"],
            "description": f"<p>{html.escape(self.about['description'])}</p>",
            "creators": [{"name": person} for person in self.people],
            "version": self.about["version"],
            "publication_date": self.day,
            "access_right": "open",
            "license": self.license["name"].lower(),
            "language": LANGUAGES["en"].lower(),
            "keywords": self.about["keywords"],
            "related_identifiers": [
                {"identifier": address, "relation": relation, "scheme": "url"}
                for address, relation in ((self.site, "isDocumentedBy"), (self.repository, "isSupplementTo"))
                if address
            ],
        }
        return _json(_said(facts))

    def schema_org(self) -> str:
        """Return a schema.org Dataset."""
        return _json(self._schema_org())

    def _schema_org(self) -> Json:
        makers = [{"@type": "Organization", "name": person} for person in self.people]
        return _said(
            {
                "@context": {"@vocab": "https://schema.org/", "prov": "http://www.w3.org/ns/prov#"},
                "@type": ["Dataset", "prov:Entity"],
                "@id": self.doi or self.site,
                "identifier": [address for address in (self.doi, self.site) if address],
                "url": self.site,
                "name": self.about["title"],
                "alternateName": self.about["name"],
                "headline": self.about["subtitle"],
                "description": self.about["description"],
                "version": self.about["version"],
                "datePublished": self.day,
                "dateModified": self.day,
                "inLanguage": [*LANGUAGES],
                "keywords": self.about["keywords"],
                "license": self.license["path"],
                "isAccessibleForFree": True,
                "conditionsOfAccess": OPEN_ACCESS,
                "creator": makers,
                "publisher": makers,
                "creditText": self.cited,
                "temporalCoverage": f"{self.first}/{self.last}",
                "spatialCoverage": [
                    {"@type": "Country", "name": name, "identifier": f"{EUROPEAN}/country/{code}"}
                    for code, name in zip(COUNTRIES, self._countries(), strict=True)
                ],
                "isBasedOn": self.based_on,
                "prov:wasDerivedFrom": [{"@id": site} for site in self.based_on],
                "prov:generatedAtTime": self.day,
                "codeRepository": self.repository,
                "subjectOf": [
                    {"@type": "CreativeWork", "name": name, "url": self.address(path)}
                    for path, name in (("docs/codebook.md", "Codebook"), ("docs/rules.md", "Rules"))
                ],
                "variableMeasured": [
                    {"@type": "PropertyValue", "name": field.name, "description": field.spec["description"]}
                    for field in self.schemas["timeline"].fields
                ],
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "name": f"{self.schemas[file.table].title} ({file.format})",
                        "description": self.schemas[file.table].description,
                        "contentUrl": self.address(file.path),
                        "encodingFormat": FORMATS[file.format],
                        "contentSize": str(len(file.content)),
                        "sha256": file.sha256,
                    }
                    for file in self.files
                ],
            }
        )

    def _countries(self) -> list[str]:
        places = self.tables["places"].to_pylist()
        names = {row["country"]: row["name_en"] for row in places if row["type"] == "country"}
        return [names.get(code, code) for code in COUNTRIES]

    def head(self) -> str:
        """Return what a page of the dataset has in its head: the links to the other documents, and schema.org."""
        links = [
            ("describedby", "application/ld+json", self.address("docs/dataset.jsonld")),
            ("describedby", "application/ld+json", self.address("docs/dcat.jsonld")),
            ("describedby", "application/ld+json", self.address("docs/croissant.json")),
            ("describedby", "application/json", self.address("datapackage.json")),
            ("license", "text/html", self.license["path"]),
        ]
        lines = [f'<link rel="{rel}" type="{kind}" href="{html.escape(to)}">' for rel, kind, to in links]
        lines += [f'<link rel="cite-as" href="{html.escape(self.doi)}">'] if self.doi else []
        lines += [f'<link rel="canonical" href="{html.escape(self.site)}">'] if self.site else []
        # Inside a script element a "<" could end it, or begin another.
        data = self.schema_org().replace("<", "\\u003c")
        return "\n".join([*lines, f'<script type="application/ld+json">\n{data}</script>'])

    def page(self) -> str:
        """Return a page on the dataset that is complete without a script."""
        about, escape = self.about, html.escape
        rows = []
        for name in self.tables:
            links = " ".join(
                f'<a href="{escape(self.address(file.path))}">{file.format}</a>'
                for file in self.files
                if file.table == name
            )
            schema = self.schemas[name]
            number = f"{self.tables[name].num_rows:,}"
            rows.append(
                f"<tr><th scope=row>{escape(name)}</th><td class=number>{number}</td>"
                f"<td>{escape(schema.description.removeprefix('One row is '))}</td><td>{links}</td></tr>"
            )
        facts = {
            "Version": f"{about['version']}, {self.day}",
            "Reaches": f"{self.first} to {self.last}",
            "Licence": f'<a href="{escape(self.license["path"])}">{escape(self.license["title"])}</a>',
            "DOI": f'<a href="{escape(self.doi)}">{escape(self.doi)}</a>' if self.doi else "",
            "Repository": f'<a href="{escape(self.repository)}">{escape(self.repository)}</a>'
            if self.repository
            else "",
            "Cite": escape(self.cited),
            "Read": " · ".join(
                f'<a href="{escape(self.address(path))}">{name}</a>'
                for path, name in (
                    ("docs/codebook.md", "codebook"),
                    ("docs/rules.md", "rules"),
                    ("docs/quality.md", "quality"),
                    ("datapackage.json", "Data Package"),
                )
            ),
        }
        listed = "".join(f"<dt>{name}</dt><dd>{text}</dd>\n" for name, text in facts.items() if text)
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(about["title"])}</title>
<meta name="description" content="{escape(about["subtitle"])}">
{self.head()}
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(about["title"])}</h1>
<p class=lead>{escape(about["subtitle"])}.</p>
<p>{escape(about["description"])}</p>
<dl>
{listed}</dl>
<h2>Tables</h2>
<table>
<thead><tr><th scope=col>table</th><th scope=col class=number>rows</th>
<th scope=col>one row is</th><th scope=col>files</th></tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody>
</table>
</main>
</body>
</html>
"""

    def croissant(self) -> str:
        """Return a Croissant 1.0 description: each CSV file, and its columns with their types and keys."""
        files = [file for file in self.files if file.format == "csv"]
        return _json(
            _said(
                {
                    "@context": _CROISSANT,
                    "@type": "sc:Dataset",
                    "conformsTo": "http://mlcommons.org/croissant/1.0",
                    "name": self.about["name"],
                    "description": self.about["description"],
                    "url": self.site or self.repository,
                    "version": self.about["version"],
                    "datePublished": self.day,
                    "license": self.license["path"],
                    "citeAs": citation(self.about, "bibtex"),
                    "creator": [{"@type": "sc:Organization", "name": person} for person in self.people],
                    "inLanguage": [*LANGUAGES],
                    "keywords": self.about["keywords"],
                    "isLiveDataset": True,
                    "distribution": [
                        {
                            "@type": "cr:FileObject",
                            "@id": file.path,
                            "name": file.path,
                            "description": self.schemas[file.table].description,
                            "contentUrl": self.address(file.path),
                            "contentSize": f"{len(file.content)} B",
                            "encodingFormat": FORMATS["csv"],
                            "sha256": file.sha256,
                        }
                        for file in files
                    ],
                    "recordSet": [self._record_set(file) for file in files],
                }
            )
        )

    def _record_set(self, file: File) -> Json:
        schema = self.schemas[file.table]

        def field(column: Field) -> Json:
            # No references: its loader would join along them, and lose the rows whose reference is empty.
            return {
                "@type": "cr:Field",
                "@id": f"{schema.name}/{column.name}",
                "name": column.name,
                "description": column.spec["description"],
                "dataType": _CROISSANT_TYPES[column.type],
                "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
            }

        return {
            "@type": "cr:RecordSet",
            "@id": schema.name,
            "name": schema.name,
            "description": schema.description,
            "key": {"@id": f"{schema.name}/{schema.key}"},
            "field": [*map(field, schema.fields)],
        }

    def dcat(self) -> str:
        """Return a catalogue of this one dataset after DCAT-AP 3, as JSON-LD with its context in itself."""
        publisher = {
            "@id": "#publisher",
            "@type": "foaf:Agent",
            "foaf:name": _text(" and ".join(self.people)),
        }
        described = {"dct:title": _text(self.about["title"]), "dct:description": _text(self.about["description"])}
        languages = [
            {"@id": f"{EUROPEAN}/language/{code}", "@type": "dct:LinguisticSystem"} for code in LANGUAGES.values()
        ]
        terms = {"@id": self.license["path"], "@type": "dct:LicenseDocument"}
        dataset = {
            "@id": self.doi or self.site or "#dataset",
            "@type": "dcat:Dataset",
            **described,
            "dct:identifier": self.doi or self.site,
            "dct:publisher": publisher,
            "dct:creator": {"@id": "#publisher"},
            "dct:issued": _date(self.day),
            "dct:modified": _date(self.day),
            "dcat:version": self.about["version"],
            "dct:language": languages,
            "dct:license": terms,
            "dct:accessRights": {"@id": f"{EUROPEAN}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
            "dct:accrualPeriodicity": {"@id": f"{EUROPEAN}/frequency/IRREG", "@type": "dct:Frequency"},
            "dcat:theme": {"@id": f"{EUROPEAN}/data-theme/INTR", "@type": "skos:Concept"},
            "dcat:keyword": [_text(word) for word in self.about["keywords"]],
            "dcat:landingPage": {"@id": self.site, "@type": "foaf:Document"} if self.site else None,
            "dcat:contactPoint": {
                "@type": "vcard:Kind",
                "vcard:fn": " and ".join(self.people),
                "vcard:hasURL": {"@id": self.repository},
            }
            if self.repository
            else None,
            "dct:spatial": [{"@id": f"{EUROPEAN}/country/{code}", "@type": "dct:Location"} for code in COUNTRIES],
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": _date(self.first),
                "dcat:endDate": _date(self.last),
            },
            "prov:wasDerivedFrom": [{"@id": site, "@type": "rdfs:Resource"} for site in self.based_on],
            "dcat:distribution": [self._distribution(file, terms) for file in self.files],
        }
        catalogue = {
            "@context": _DCAT,
            "@id": "#catalogue",
            "@type": "dcat:Catalog",
            **described,
            "dct:publisher": {"@id": "#publisher"},
            "dct:license": {"@id": self.license["path"]},
            "dct:issued": _date(self.day),
            "dct:language": [{"@id": language["@id"]} for language in languages],
            "foaf:homepage": {"@id": self.site, "@type": "foaf:Document"} if self.site else None,
            "dcat:dataset": _said(dataset),
        }
        return _json(_said(catalogue))

    def _distribution(self, file: File, terms: Json) -> Json:
        address = {"@id": self.address(file.path), "@type": "rdfs:Resource"}
        schema = self.schemas[file.table]
        return {
            "@id": f"#{file.table}-{file.format}",
            "@type": "dcat:Distribution",
            "dct:title": _text(f"{schema.title} ({file.format})"),
            "dct:description": _text(schema.description),
            "dcat:accessURL": address,
            "dcat:downloadURL": {"@id": address["@id"]},
            "dct:license": {"@id": terms["@id"]},
            "dct:format": {
                "@id": f"{EUROPEAN}/file-type/{file.format.upper()}",
                "@type": "dct:MediaTypeOrExtent",
            },
            "dcat:mediaType": {
                "@id": f"https://www.iana.org/assignments/media-types/{FORMATS[file.format]}",
                "@type": "dct:MediaType",
            },
            "dcat:byteSize": {"@value": str(len(file.content)), "@type": "xsd:nonNegativeInteger"},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
                "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
            },
        }

    def card(self) -> str:
        """Return the card of a Hugging Face repository that holds the files as they lie here: its README.md."""
        rows = sum(table.num_rows for table in self.tables.values())
        front = {
            "license": self.license["name"].lower(),
            "language": [*LANGUAGES],
            "pretty_name": self.about["title"],
            "tags": [word.lower().replace(" ", "-") for word in self.about["keywords"]],
            "size_categories": [next(name for name, most in _SIZES.items() if rows < most)],
            "configs": [
                {"config_name": file.table, "data_files": file.path}
                | ({"default": True} if file.table == "timeline" else {})
                for file in self.files
                if file.format == "parquet"
            ],
        }
        listed = [
            f"| `{name}` | {table.num_rows:,} | {self.schemas[name].description} |"
            for name, table in self.tables.items()
        ]
        homes = [
            f"- {name}: {where}"
            for name, where in (("DOI", self.doi), ("Site", self.site), ("Repository", self.repository))
            if where
        ]
        lines = [
            "---",
            yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=110).rstrip(),
            "---",
            f"# {self.about['title']}",
            "",
            self.about["description"],
            "",
            *([*homes, ""] if homes else []),
            "Each configuration is one table; the files hold plain columns, dates of partial precision as text.",
            "",
            "| configuration | rows | |",
            "| --- | ---: | --- |",
            *listed,
            "",
            self.cited,
        ]
        return "\n".join(lines) + "\n"


_SIZES = {"n<1K": 1e3, "1K<n<10K": 1e4, "10K<n<100K": 1e5, "100K<n<1M": 1e6, "1M<n<10M": 1e7}

_CROISSANT_TYPES = {
    "string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date",
}  # fmt: skip

# The context that Croissant 1.0 prescribes, written out: a reader offline could not fetch it.
_CROISSANT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip

_DCAT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#", "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { margin: 2.5rem 0 .75rem; }
.lead { font-size: 1.15rem; opacity: .8; margin-top: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 1.75rem 0; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; font-weight: normal; }
tbody th { font-family: ui-monospace, monospace; white-space: nowrap; }
thead th { opacity: .7; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td:last-child { white-space: nowrap; padding-right: 0; }
tbody tr:nth-child(odd) { background: color-mix(in srgb, currentColor 4%, transparent); }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .6rem; }
  thead { display: none; }
  tr { display: block; padding: .6rem 0; }
  th, td { display: block; padding: 0 .5rem; }
  td.number { text-align: left; }
  td.number::after { content: " rows, each"; }
}
"""


def _said(facts: Json) -> Json:
    """Return the facts without those of which there is nothing to say."""
    return {key: value for key, value in facts.items() if value not in ("", None, [])}


def _text(text: str) -> Json:
    return {"@value": text, "@language": "en"}


def _date(day: str) -> Json:
    """Return a date as precise as it is known."""
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(day)]
    return {"@value": day, "@type": f"xsd:{kind}"}


def _json(found: Json) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
