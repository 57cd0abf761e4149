"""Filling forms as people do: fields by their names."""

from tests.browser.browsing import Tab


def fill(tab: Tab, **values):
    """Fields by their names; `__` stands for the dash that a prefix ends in."""
    for name, value in values.items():
        tab.page.fill(f"[name='{name.replace('__', '-')}']", str(value))


def choose(tab: Tab, **values):
    """Radio buttons and lists by their names."""
    for name, value in values.items():
        field = tab.page.locator(f"[name='{name.replace('__', '-')}']")
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            tab.page.check(f"[name='{name.replace('__', '-')}'][value='{value}']")


def reason(tab: Tab, name: str, code: str):
    """Choose a reason from its list by its code."""
    options = tab.page.locator(f"[name='{name}'] option")
    label = next(text for text in options.all_inner_texts() if text.startswith(code))
    tab.page.select_option(f"[name='{name}']", label=label)
