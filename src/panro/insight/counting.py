"""The one statement that counts a season; a single statement sees the database at a single moment.

Every part gives rows of (theme, programme, round_code, key, measure, count). What a count means:

* started: applications begun, a correction of one that was handed in not counted again; applied: handed in, whatever
  became of them afterwards, those whose place a correction took left out;
* eligible and the other states: cases at the desk; evaluated: all sheets of one of its stages are in;
* selected: in the publication that holds. Of rounds that came into this database as a publication alone, that says
  what was received and found eligible, too.
"""

from __future__ import annotations

from typing import Final

AGES: Final = (0, 4, 8, 15, 31)
"""Lower ends, in days, of the classes in which open cases are counted."""
DUE_CLASSES: Final = ("overdue", "today", "soon", "week", "later")
"""Past its last day, on it, within three days, within seven, after that."""
ALL: Final = ""
ANY_GROUP: Final = "*"
"""Keys of the preferred groups that are none: everybody, and members of at least one."""

_SOURCES: Final = """
    WITH published AS (
        SELECT * FROM selection_publishedround WHERE edition = %(code)s AND current
    ),
    alone AS (
        SELECT * FROM published WHERE NOT EXISTS (
            SELECT FROM intake_application AS application WHERE application.edition_id = %(edition)s
                AND application.programme = published.programme AND application.round_code = published.round
                AND application.state IN ('submitted', 'supplementing', 'closed', 'withdrawn')
        )
    ),
    chosen AS (
        SELECT receipt.application_id FROM published
        JOIN selection_resultline AS line ON line.published_id = published.id AND line.outcome = 'selected'
        JOIN intake_receipt AS receipt ON receipt.commitment = line.receipt
    ),
    desk AS MATERIALIZED (
        SELECT kept.application_id, kept.programme, kept.round_code, kept.region, kept.state, kept.received_on,
            chosen.application_id IS NOT NULL AS selected,
            left(coalesce(nullif(business.industry, ''), (
                SELECT fact.value ->> 'code' FROM vault_storedfact AS fact
                WHERE fact.party_id = kept.party_id AND fact.key = 'industry' AND fact.withdrawn_at IS NULL
                ORDER BY fact.as_of DESC, fact.recorded_at DESC, fact.id DESC LIMIT 1
            ), ''), 2) AS industry
        FROM screening_case AS kept
        JOIN screening_review AS review ON review.id = kept.review_id AND review.edition_id = %(edition)s
        JOIN intake_application AS application ON application.id = kept.application_id AND NOT application.replaced
        LEFT JOIN parties_business AS business ON business.party_id = kept.party_id
        LEFT JOIN chosen ON chosen.application_id = kept.application_id
    ),
    decided AS MATERIALIZED (
        SELECT desk.programme, desk.round_code, desk.selected, decision.groups FROM desk
        JOIN screening_casedecision AS decision
            ON decision.case_id = desk.application_id AND decision.undone_at IS NULL
        WHERE decision.requirement = 'eligible'
    ),
    seats AS MATERIALIZED (
        SELECT split_part(evaluation.round_id, '/', 2) AS programme, split_part(evaluation.round_id, '/', 3)
            AS round_code, run.position || ':' || run.stage AS stage, participant.id AS participant,
            participant.application_id, seat.reviewer_id, seat.latest > 0 AS handed_in
        FROM evaluation_evaluation AS evaluation
        JOIN evaluation_stagerun AS run ON run.evaluation_id = evaluation.id
        JOIN evaluation_participant AS participant ON participant.run_id = run.id
        JOIN evaluation_assignment AS seat
            ON seat.participant_id = participant.id AND seat.phase = 0 AND seat.left_at IS NULL
        WHERE split_part(evaluation.round_id, '/', 1) = %(code)s
    ),
    judged AS MATERIALIZED (
        SELECT programme, round_code, stage, participant, application_id, bool_and(handed_in) AS whole,
            count(*) AS sheets, count(*) FILTER (WHERE handed_in) AS handed_in
        FROM seats GROUP BY programme, round_code, stage, participant, application_id
    )
"""
_APPLICATIONS: Final = """
    SELECT 'round' AS theme, programme, round_code, '' AS key, measure, n FROM (
        SELECT programme, round_code,
            count(*) FILTER (WHERE corrects_id IS NULL) AS started,
            count(*) FILTER (WHERE state IN ('submitted', 'supplementing', 'closed', 'withdrawn') AND NOT replaced)
                AS applied
        FROM intake_application WHERE edition_id = %(edition)s GROUP BY programme, round_code
    ) AS counted CROSS JOIN LATERAL (VALUES ('started', started), ('applied', applied)) AS told (measure, n)
"""
_CASES: Final = """
    SELECT 'round', programme, round_code, '', state, count(*) FROM desk GROUP BY programme, round_code, state
"""
_EVALUATED: Final = """
    SELECT 'round', programme, round_code, '', 'evaluated', count(DISTINCT application_id) FROM judged WHERE whole
    GROUP BY programme, round_code
"""
_PUBLISHED: Final = """
    SELECT 'round', programme, round, '', 'selected', selected FROM published
"""
_PUBLISHED_ALONE: Final = """
    SELECT 'round', programme, round, '', measure, n FROM alone CROSS JOIN LATERAL (VALUES
        ('started', receipts), ('applied', receipts),
        ('eligible', receipts - ineligible - lapsed - withdrawn), ('ineligible', ineligible), ('lapsed', lapsed),
        ('withdrawn', withdrawn), ('evaluated', coalesce((summary -> 'stages' -> 0 ->> 1)::int, 0))
    ) AS told (measure, n)
"""
_REGIONS: Final = """
    SELECT 'region', programme, round_code, region, measure, n FROM (
        SELECT programme, round_code, region, count(*) AS applied, count(*) FILTER (WHERE state = 'eligible')
            AS eligible
        FROM desk GROUP BY programme, round_code, region
    ) AS counted CROSS JOIN LATERAL (VALUES ('applied', applied), ('eligible', eligible)) AS told (measure, n)
"""
_PUBLISHED_REGIONS: Final = """
    SELECT 'region', programme, round, said ->> 0, 'selected', (said ->> 2)::int FROM published
    CROSS JOIN LATERAL jsonb_array_elements(summary -> 'regions') AS said
"""
_REGIONS_ALONE: Final = """
    SELECT 'region', programme, round, said ->> 0, 'applied', (said ->> 1)::int FROM alone
    CROSS JOIN LATERAL jsonb_array_elements(summary -> 'regions') AS said
"""
_INDUSTRIES: Final = """
    SELECT 'industry', programme, round_code, industry, measure, n FROM (
        SELECT programme, round_code, industry, count(*) AS applied,
            count(*) FILTER (WHERE state = 'eligible') AS eligible, count(*) FILTER (WHERE selected) AS selected
        FROM desk GROUP BY programme, round_code, industry
    ) AS counted CROSS JOIN LATERAL (VALUES
        ('applied', applied), ('eligible', eligible), ('selected', selected)
    ) AS told (measure, n)
"""
_GROUPS: Final = """
    SELECT 'group', programme, round_code, key, measure, n FROM (
        SELECT programme, round_code, key, count(*) AS eligible, count(*) FILTER (WHERE selected) AS selected
        FROM decided CROSS JOIN LATERAL unnest(
            array['']::text[] || CASE WHEN cardinality(groups) > 0 THEN array['*'] || groups::text[] END
        ) AS key
        GROUP BY programme, round_code, key
    ) AS counted CROSS JOIN LATERAL (VALUES ('eligible', eligible), ('selected', selected)) AS told (measure, n)
"""
_AGES: Final = """
    SELECT 'age', programme, round_code, age, state, count(*) FROM (
        SELECT programme, round_code, state, CASE
            WHEN %(day)s - received_on >= 31 THEN '31' WHEN %(day)s - received_on >= 15 THEN '15'
            WHEN %(day)s - received_on >= 8 THEN '8' WHEN %(day)s - received_on >= 4 THEN '4' ELSE '0' END AS age
        FROM desk WHERE state IN ('waiting', 'asked')
    ) AS aged GROUP BY programme, round_code, age, state
"""
_SUPPLEMENTS: Final = """
    SELECT 'supplement', programme, round_code, due_class, measure, count(*) FROM (
        SELECT application.programme, application.round_code,
            CASE WHEN asked.promised THEN 'promised' ELSE 'asked' END AS measure, CASE
            WHEN asked.due < %(day)s THEN 'overdue' WHEN asked.due = %(day)s THEN 'today'
            WHEN asked.due - %(day)s <= 3 THEN 'soon' WHEN asked.due - %(day)s <= 7 THEN 'week' ELSE 'later' END
            AS due_class
        FROM intake_supplement AS asked JOIN intake_application AS application ON application.id = asked.application_id
        WHERE asked.state = 'asked' AND application.edition_id = %(edition)s
    ) AS counted GROUP BY programme, round_code, due_class, measure
"""
_PANELS: Final = """
    SELECT 'panel', programme, round_code, stage, measure, n FROM (
        SELECT programme, round_code, stage, count(*) AS participants, count(*) FILTER (WHERE whole) AS judged,
            sum(sheets) AS sheets, sum(handed_in) AS handed_in
        FROM judged GROUP BY programme, round_code, stage
    ) AS counted CROSS JOIN LATERAL (VALUES
        ('participants', participants), ('judged', judged), ('sheets', sheets), ('handed_in', handed_in)
    ) AS told (measure, n)
"""
_REVIEWERS: Final = """
    SELECT 'panel', programme, round_code, stage, measure, n FROM (
        SELECT programme, round_code, stage, count(*) AS reviewers, count(*) FILTER (WHERE done) AS reviewers_done
        FROM (
            SELECT programme, round_code, stage, reviewer_id, bool_and(handed_in) AS done FROM seats
            GROUP BY programme, round_code, stage, reviewer_id
        ) AS one GROUP BY programme, round_code, stage
    ) AS counted CROSS JOIN LATERAL (VALUES
        ('reviewers', reviewers), ('reviewers_done', reviewers_done)
    ) AS told (measure, n)
"""
_PARTS: Final = (
    _APPLICATIONS,
    _CASES,
    _EVALUATED,
    _PUBLISHED,
    _PUBLISHED_ALONE,
    _REGIONS,
    _PUBLISHED_REGIONS,
    _REGIONS_ALONE,
    _INDUSTRIES,
    _GROUPS,
    _AGES,
    _SUPPLEMENTS,
    _PANELS,
    _REVIEWERS,
)
COUNT: Final = "".join(
    (
        "INSERT INTO insight_figure (figures_id, theme, programme, round_code, key, measure, count)",
        _SOURCES,
        "SELECT %(edition)s, theme, coalesce(programme, ''), coalesce(round_code, ''), key, measure, sum(n) FROM (",
        " UNION ALL ".join(_PARTS),
        ") AS counted WHERE n > 0 GROUP BY GROUPING SETS (",
        "(theme, programme, round_code, key, measure), (theme, programme, key, measure), (theme, key, measure))",
    )
)
"""Parameters: ``edition`` (id), ``code`` (of the edition), ``day`` (to which ages are counted).

Beside each round stand the sums of its programme (no round) and of the season (neither), so that no page adds up.
"""
