"""What workers do by themselves, and when; times of the day are those of the settings' TIME_ZONE."""

from __future__ import annotations

from typing import Final

SCHEDULES: Final = {
    "seal": {"task": "panro.record.tasks.seal", "every": 600},
    "deliver": {"task": "panro.notify.tasks.deliver", "every": 60},
    "settle-unknown": {"task": "panro.notify.tasks.settle_unknown", "every": 300},
    "ask-unreported": {"task": "panro.notify.tasks.ask_unreported", "every": 3600},
    "send-summaries": {"task": "panro.notify.tasks.send_summaries", "cron": "30 8 * * *"},
    "examine-waiting": {"task": "panro.files.tasks.examine_waiting", "every": 300},
    "clear-away": {"task": "panro.files.tasks.clear_away", "cron": "0 3 * * *"},
}
