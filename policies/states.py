"""The states, by their two letters, with the district and the territory that write policies."""

import textwrap

STATES = textwrap.wrap(
    "ALAKAZARCACOCTDEDCFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOHOKORPAPRRISCSDTNTX"
    "UTVTVAWAWVWIWY",
    2,
)
