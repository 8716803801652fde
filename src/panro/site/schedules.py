"""What workers do by themselves, and when; times of the day are those of the settings' TIME_ZONE."""

from __future__ import annotations

from typing import Final

SCHEDULES: Final = {
    "seal": {"task": "panro.record.tasks.seal", "every": 600},
    "publish-head": {"task": "panro.record.tasks.publish_head", "cron": "5 0 * * *"},
    "destroy-outlived": {"task": "panro.record.tasks.destroy_outlived", "cron": "30 3 * * *"},
    "clear-limits": {"task": "panro.accounts.tasks.clear_limits", "cron": "15 4 * * *"},
    "deliver": {"task": "panro.notify.tasks.deliver", "every": 60},
    "settle-unknown": {"task": "panro.notify.tasks.settle_unknown", "every": 300},
    "ask-unreported": {"task": "panro.notify.tasks.ask_unreported", "every": 3600},
    "send-summaries": {"task": "panro.notify.tasks.send_summaries", "cron": "30 8 * * *"},
    "examine-waiting": {"task": "panro.files.tasks.examine_waiting", "every": 300},
    "clear-away": {"task": "panro.files.tasks.clear_away", "cron": "0 3 * * *"},
    "carry-on-products": {"task": "panro.catalog.tasks.carry_on", "every": 300},
    "renew-disclosures": {"task": "panro.catalog.tasks.renew", "cron": "6 0 * * *"},
    "clear-away-tables": {"task": "panro.catalog.tasks.clear_away", "cron": "40 3 * * *"},
    "announce-expiring-papers": {"task": "panro.vault.tasks.announce_expiring", "cron": "0 8 * * *"},
    "clear-unattached-papers": {"task": "panro.vault.tasks.clear_unattached", "cron": "20 3 * * *"},
    "ask-tax-service": {"task": "panro.parties.tasks.ask_tax_service", "every": 60},
    "close-missed": {"task": "panro.intake.tasks.close_missed", "cron": "2 0 * * *"},
    "expire-supplements": {"task": "panro.intake.tasks.expire_supplements", "cron": "4 0 * * *"},
    "recheck-closed": {"task": "panro.intake.tasks.recheck_closed", "cron": "10 0 * * *"},
    "screening-keep-up": {"task": "panro.screening.tasks.keep_up", "cron": "*/5 * * * *"},
    "remind-drafts": {"task": "panro.intake.tasks.remind_drafts", "cron": "0 9 * * *"},
    "publish-waiting": {"task": "panro.selection.course.tasks.publish_waiting", "every": 300},
    "issue-letters": {"task": "panro.selection.after.tasks.issue_waiting_letters", "every": 60},
    "publish-addenda": {"task": "panro.selection.after.tasks.publish_addenda", "every": 60},
    "expire-offers": {"task": "panro.selection.after.tasks.expire_offers", "cron": "6 0 * * *"},
    "count-seasons": {"task": "panro.insight.tasks.count_seasons", "cron": "*/5 * * * *"},
    "carry-on-exports": {"task": "panro.insight.tasks.carry_on", "every": 300},
    "clear-away-exports": {"task": "panro.insight.tasks.clear_away", "cron": "50 3 * * *"},
    "destroy-outlived-applications": {"task": "panro.intake.tasks.destroy_outlived", "cron": "32 3 * * *"},
    "destroy-outlived-papers": {"task": "panro.vault.tasks.destroy_outlived", "cron": "34 3 * * *"},
    "clear-accounts": {"task": "panro.record.tasks.clear_accounts", "cron": "36 3 * * *"},
    "expire-invitations": {"task": "panro.parties.tasks.expire", "cron": "20 0 * * *"},
}
