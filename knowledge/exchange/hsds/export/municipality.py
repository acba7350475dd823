"""Rows for what HSDS does not have: the municipality, districts, helplines, articles, pages; and the taxonomies of topics and audiences."""

from __future__ import annotations

from knowledge.domain import records as r
from knowledge.domain.topics import load_topics
from knowledge.exchange.hsds.export.rows import Sheet, body, lines, weekly
from knowledge.exchange.hsds.vocabulary import AUDIENCES_TAXONOMY, TOPICS_TAXONOMY, closing


def write_municipality(sheet: Sheet) -> None:
    """The municipality with its districts and helplines."""
    town = sheet.town
    key = sheet.uuid("municipality", town.id)
    point = town.information_point if town.information_point in sheet.knowledge.services else None
    sheet.add(
        "newcomer_municipality",
        key,
        local_id=town.id,
        name=body(town.texts, "name"),
        source_language=town.source_language,
        country=town.country,
        subdivision=town.subdivision,
        timezone=town.timezone,
        website=town.website,
        information_point_id=sheet.uuid("service", point) if point else None,
        version=sheet.knowledge.version,
        private=sheet.include_confidential or None,
    )
    sheet.translations("newcomer_municipality", key, town.texts)
    for district in town.districts.values():
        key = sheet.uuid("district", district.id)
        sheet.add(
            "newcomer_district",
            key,
            local_id=district.id,
            name=body(district.texts, "name"),
            latitude=district.latitude,
            longitude=district.longitude,
            alternate_names=lines(district.also),
        )
        sheet.translations("newcomer_district", key, district.texts)
    for line in town.helplines:
        _helpline(sheet, line)


def _helpline(sheet: Sheet, line: r.Helpline) -> None:
    key = sheet.uuid("helpline", line.id)
    sheet.add(
        "newcomer_helpline",
        key,
        local_id=line.id,
        name=body(line.texts, "name"),
        number=line.number,
        kinds=",".join(sorted(line.kinds)),
        languages=",".join(line.languages),
    )
    sheet.translations("newcomer_helpline", key, line.texts)
    for number, rule in enumerate(line.hours.rules):
        values = weekly(rule) | {"until_midnight": closing(rule.closes)[1]}
        sheet.add("newcomer_helpline_schedule", sheet.uuid("helpline_schedule", line.id, number), helpline_id=key, **values)


def write_taxonomies(sheet: Sheet) -> None:
    """All topics (under their domains) and all audiences, whether used or not."""
    topics = load_topics()
    taxonomy = sheet.uuid("taxonomy", "topics")
    words = "What newcomers ask about."
    sheet.add("taxonomy", taxonomy, name=TOPICS_TAXONOMY, description=words, version="1")
    for domain in dict.fromkeys(topics.domain_of(topic) for topic in topics.topics):
        _term(sheet, taxonomy, TOPICS_TAXONOMY, domain, f"Everything about {domain}.", None)
    for topic in topics.topics:
        _term(sheet, taxonomy, TOPICS_TAXONOMY, topic, topics.descriptions[topic], topics.domain_of(topic))
    taxonomy = sheet.uuid("taxonomy", "audiences")
    sheet.add("taxonomy", taxonomy, name=AUDIENCES_TAXONOMY, description="Whom a service is for.", version="1")
    for audience in r.AUDIENCES:
        _term(sheet, taxonomy, AUDIENCES_TAXONOMY, audience, f"For {audience.replace('_', ' ')}.", None)


def _term(sheet: Sheet, taxonomy: str, taxonomy_name: str, code: str, description: str, parent: str | None) -> None:
    sheet.add(
        "taxonomy_term",
        term_id(sheet, taxonomy_name, code),
        code=code,
        name=code.rpartition(".")[2].replace("_", " "),
        description=description,
        parent_id=term_id(sheet, taxonomy_name, parent) if parent else None,
        taxonomy=taxonomy_name,
        language="en",
        taxonomy_id=taxonomy,
    )


def term_id(sheet: Sheet, taxonomy: str, code: str) -> str:
    """UUID of a term of ours."""
    return sheet.uuid("taxonomy_term", taxonomy, code)


def write_guide(sheet: Sheet) -> None:
    """Articles with the services that help, and pages."""
    for article in sheet.knowledge.articles.values():
        _article(sheet, article)
    for page in sheet.knowledge.pages.values():
        key = sheet.uuid("page", page.id)
        sheet.add(
            "newcomer_page",
            key,
            local_id=page.id,
            revision=sheet.revision("page", page.id),
            parent=page.parent,
            order=page.order,
            topic=page.topic,
            url=page.url,
            checked_on=page.checked_on and page.checked_on.isoformat(),
            **{name: body(page.texts, name) for name in r.PAGE_FIELDS},
        )
        sheet.translations("newcomer_page", key, page.texts)


def _article(sheet: Sheet, article: r.Article) -> None:
    key = sheet.uuid("article", article.id)
    sheet.add(
        "newcomer_article",
        key,
        revision=sheet.revision("article", article.id),
        topic=article.topic,
        audience=article.audience,
        source_title=article.source.title,
        source_url=article.source.url,
        source_level=article.source.level.value,
        checked_on=article.checked_on.isoformat(),
        **{name: body(article.texts, name) for name in r.ARTICLE_FIELDS},
    )
    sheet.translations("newcomer_article", key, article.texts)
    for service in article.services:
        link = sheet.uuid("article_service", article.id, service)
        sheet.add("newcomer_article_service", link, article_id=key, service_id=sheet.uuid("service", service))
