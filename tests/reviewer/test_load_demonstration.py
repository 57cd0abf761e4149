"""`load_demonstration`: whole or not at all."""

import pytest
from django.contrib.auth.models import User

from policies.models import Bulletin
from reviewer.demonstration.loading import load
from reviewer.models import Member, Reviewer
from reviewer.time import now
from reviewer.workflow.errors import Refused


@pytest.mark.django_db
def test_what_the_site_may_not_sign_leaves_nothing_behind():
    with pytest.raises(Refused, match="the time at which it is given"):
        load(at=now())

    kinds = (User, Reviewer, Member, Bulletin)
    assert [kind.objects.count() for kind in kinds] == [0, 0, 0, 0]
