"""What was asked for a request that has come to its end since is awaited no longer."""

from django.db import migrations

ENDED = "('determined','notified','closed','withdrawn','dismissed','no_authorization_required')"
FORWARD = f"""
UPDATE reviewer_informationrequest AS i
SET ending = 'overtaken', ended_at = e.at, ended_by_id = e.by_id
FROM reviewer_request AS r,
    LATERAL (
        SELECT at, by_id FROM reviewer_event
        WHERE request_id = r.id AND by_id IS NOT NULL AND after ->> 'state' IN {ENDED}
        ORDER BY at DESC, id DESC LIMIT 1
    ) AS e
WHERE i.request_id = r.id AND i.ending = '' AND r.state IN {ENDED};
"""  # noqa: S608 (every part is a constant)


class Migration(migrations.Migration):
    dependencies = [("reviewer", "0023_tell_what_is_no_longer_awaited")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
