"""The policy staff's workplace. No member data is registered here, nor may it be."""

from policies.admin.authorization import AuthorizationRuleAdmin
from policies.admin.authorization_lists import AuthorizationListAdmin
from policies.admin.bases_of_effect import BasisChangeAdmin
from policies.admin.bulletins import BulletinAdmin
from policies.admin.code_sets import CodeAdmin
from policies.admin.import_runs import ImportRunAdmin
from policies.admin.release_board import ReleaseFindingAdmin
from policies.admin.releases import ReleaseAdmin
from policies.admin.synonyms import SynonymSetAdmin
from policies.admin.versions import VersionAdmin

__all__ = [
    "AuthorizationListAdmin",
    "AuthorizationRuleAdmin",
    "BasisChangeAdmin",
    "BulletinAdmin",
    "CodeAdmin",
    "ImportRunAdmin",
    "ReleaseAdmin",
    "ReleaseFindingAdmin",
    "SynonymSetAdmin",
    "VersionAdmin",
]
