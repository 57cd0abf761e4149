"""Ranges of codes are found by the prefixes that make them up, derived by the database itself."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Func

# The widest prefixes all of whose codes lie from `lower` to `upper` (a key and `~`, which sorts
# after every code; see policies/reading/codes.py). A code whose own bounds lie in no prefix holds
# a bound of the range, and is found by that.
FUNCTION = """
CREATE FUNCTION policies_code_cover(lower text, upper text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    signs constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    high text := rtrim(upper, '~');
    same int := 0;
    cover text[] := '{}';
    place int;
    low_sign int;
    high_sign int;
BEGIN
    IF high = upper OR lower COLLATE "C" > upper COLLATE "C" THEN
        RETURN cover;
    END IF;
    IF lower = high THEN
        RETURN ARRAY[lower];
    END IF;
    WHILE same < least(length(lower), length(high))
        AND substr(lower, same + 1, 1) = substr(high, same + 1, 1) LOOP
        same := same + 1;
    END LOOP;
    -- Above the lower bound, from its last character up to where the two part.
    IF length(lower) > same THEN
        cover := cover || lower;
        FOR place IN REVERSE length(lower) .. same + CASE WHEN length(high) > same THEN 2 ELSE 1 END LOOP
            low_sign := strpos(signs, substr(lower, place, 1));
            cover := cover || ARRAY(
                SELECT substr(lower, 1, place - 1) || substr(signs, sign, 1)
                FROM generate_series(low_sign + 1, 36) AS sign);
        END LOOP;
    END IF;
    IF length(high) > same THEN
        low_sign := CASE WHEN length(lower) > same THEN strpos(signs, substr(lower, same + 1, 1)) ELSE 0 END;
        high_sign := strpos(signs, substr(high, same + 1, 1));
        cover := cover || ARRAY(
            SELECT substr(high, 1, same) || substr(signs, sign, 1)
            FROM generate_series(low_sign + 1, high_sign - 1) AS sign);
        FOR place IN same + 2 .. length(high) LOOP
            high_sign := strpos(signs, substr(high, place, 1));
            cover := cover || ARRAY(
                SELECT substr(high, 1, place - 1) || substr(signs, sign, 1)
                FROM generate_series(1, high_sign - 1) AS sign);
        END LOOP;
        cover := cover || high;
    END IF;
    RETURN cover;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_bulletin_title_words")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION policies_code_cover(text, text);"),
        migrations.AddIndex(
            "codespan",
            GinIndex(
                Func(
                    F("lower"),
                    F("upper"),
                    function="policies_code_cover",
                    output_field=ArrayField(models.TextField()),
                ),
                name="code_span_cover",
            ),
        ),
        migrations.AddIndex(
            "codespan", models.Index("system", "upper", name="code_span_upper_bound")
        ),
    ]
