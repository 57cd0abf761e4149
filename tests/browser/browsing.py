"""What the browser's tests share: a tab that notes what goes wrong, and the check of a page."""

from pathlib import Path

from playwright.sync_api import TimeoutError

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
ASK_AXE = """async (tags) => {
  document.getAnimations().forEach(one => one.finish());  // colors that still change
  const {violations} = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  return violations.map(one => `${one.id}: ${one.help}: ` +
    one.nodes.slice(0, 5).map(node => node.target.join(" ") + " " + node.any.concat(node.all)
      .map(check => check.message).join("; ")).join(" | "));
}"""
LISTEN = """document.addEventListener("securitypolicyviolation", event =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));"""


# What htmx says when a page is left while it asks for a part of it; failures have other names.
CALLED_OFF = ("htmx:afterRequest", "htmx:sendAbort")


class Tab:
    """A page of the browser, with the errors that it and its policy told of."""

    def __init__(self, page, address):
        self.page = page
        self.address = address
        self.errors = []
        page.add_init_script(LISTEN)
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def note(self, message):
        is_document = message.location.get("url") == self.page.url  # a 403 or 404 that is expected
        if message.text.startswith(CALLED_OFF):
            return
        if message.type == "error" and not (is_document and "status of 40" in message.text):
            self.errors.append(message.text)

    def open(self, path):
        """Go to a path of the site; returns the status."""
        return self.page.goto(self.address + path).status

    @property
    def path(self):
        return self.page.url.removeprefix(self.address)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, name, role="button"):
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def arrive(self, pattern):
        """Wait for an address; where another page comes instead, say what it holds."""
        try:
            self.page.wait_for_url(pattern, timeout=10_000)
        except TimeoutError as error:
            raise AssertionError(f"{self.path} instead of {pattern}:\n{self.text()}") from error

    def text(self):
        return self.page.locator("main, #container").first.inner_text()

    def problems(self):
        """What axe finds in light and in dark, and every error so far."""
        found = list(self.errors)
        self.page.evaluate(AXE)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{scheme}: {one}" for one in self.page.evaluate(ASK_AXE, STANDARD)]
        return found
