"""The deployment of docs/deploy.md, used through nginx over TLS."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from websockets.sync.client import ClientConnection

from tests.acceptance.deployment import NAME, PAGE, Deployment, section
from tests.acceptance.documentation import blocks
from tests.acceptance.totp import totp
from tests.chromium import DESKTOP, FLAGS, PHONE
from tests.needs import Missing, skip_for
from tests.processes import START_SECONDS

pytestmark = [pytest.mark.services, pytest.mark.browser]

NewContext = Callable[..., BrowserContext]
#: Bounds the test where nothing arrives.
DELIVERY_SECONDS = START_SECONDS
CANDIDATES = {"Jeremy Corbyn": "53,Labour Party", "Nick Wakeling": "90,Liberal Democrats",
              "James Clark": "52,Conservative Party"}  # fmt: skip
VOTES = {"Jeremy Corbyn": "34603", "Nick Wakeling": "8451", "James Clark": "5483"}
#: A page of another site, with an embed as anybody may put it there.
OTHER_SITE = f"""<!doctype html><title>Another site</title>
<iframe name="plain" src="https://{NAME}/embed/tonight/feed/" width="700" height="600"></iframe>
<iframe name="sandboxed" sandbox="allow-scripts" src="https://{NAME}/embed/tonight/feed/"
  width="700" height="600"></iframe>
"""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A server on which the numbered steps of the page were followed."""
    try:
        deployed = Deployment(tmp_path_factory.mktemp("deployment"))
        deployed.__enter__()
    except Missing as reason:
        skip_for(reason)
    yield deployed
    deployed.__exit__(None, None, None)


@pytest.fixture(scope="module")
def chromium(chromium: Browser, deployment: Deployment) -> Iterator[Browser]:
    """A browser that reaches the deployment under its name, as if by DNS."""
    there = chromium.browser_type.launch(
        executable_path=deployment.machine.program("chromium"),
        args=[*FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
    )
    yield there
    there.close()


@pytest.fixture(scope="module")
def night(deployment: Deployment) -> Deployment:
    """The deployment with an election of one contest."""
    # Polls closed last night: a reporter's pass ends a day and a half later.
    polling_day = datetime.now(UTC).date() - timedelta(days=1)
    lines = ["id,name,election,party_id,party_name,post_id,post_label,election_date,gss_code"]
    for number, (name, party) in enumerate(CANDIDATES.items()):
        seat = f"WMC:E14000763,Islington North,{polling_day},E14000763"
        lines.append(f"{number},{name},parl.2019,party:{party},{seat}")
    file = "/var/lib/election-desk/candidates.csv"
    deployment.machine.write(file, "\n".join(lines))
    deployment.machine.run(f"desk load_candidates tonight {file}")
    return deployment


@pytest.fixture(autouse=True)
def logs_of_a_failure(request: pytest.FixtureRequest) -> Iterator[None]:
    """Show what the units have logged when a test fails."""
    yield
    if getattr(request.node, "failed", False) and "deployment" in request.fixturenames:
        deployed: Deployment = request.getfixturevalue("deployment")
        print(on_server(deployed, "tail --lines 30 /run/systemctl/election-desk-*.log"))


def on_server(deployment: Deployment, script: str) -> str:
    return deployment.machine.run(script).stdout.strip()


# --- What the steps left --------------------------------------------------------------------------


def test_runs_every_block_of_the_page_or_has_a_reason_not_to() -> None:
    page_blocks = blocks(PAGE)
    assert len(page_blocks) > 15
    followed = {"Upgrading to a new release", "Rolling back", "Behind a CDN"}
    unrun = [
        block for block in page_blocks if not block.section[:1].isdigit() and not block.not_run
    ]
    assert {block.section for block in unrun} == followed


def test_later_sections_need_no_variable_of_an_earlier_shell() -> None:
    """Months later step 1 is forgotten, and without a name nginx would serve no site."""
    for block in section("Upgrading to a new release") + section("Rolling back"):
        needed = re.findall(r"\$([A-Z]+)", block.commands)
        assert {name for name in needed if f"\n{name}=" not in f"\n{block.commands}"} == set()


def test_tables_are_in_postgresql_only(deployment: Deployment) -> None:
    tables = on_server(
        deployment,
        "runuser -u postgres -- psql --tuples-only --no-align election-desk"
        " --command 'SELECT count(*) FROM django_migrations'",
    )
    assert int(tables.splitlines()[-1]) > 20
    assert on_server(deployment, "find /srv /var/lib/election-desk -name '*.sqlite3*'") == ""


def test_only_nginx_listens_beyond_loopback(deployment: Deployment) -> None:
    block = section("10. Firewall")
    listening = deployment.follow(block).splitlines()[1:]
    assert {line.rpartition(":")[2] for line in listening} == {"80", "443"}


def test_settings_and_code_are_not_writable_by_the_service(deployment: Deployment) -> None:
    assert on_server(deployment, "stat -c '%a %U' /etc/election-desk.env") == "600 root"
    output = on_server(
        deployment, "runuser -u election-desk -- find /srv/election-desk -writable -not -type l"
    )
    assert output == ""
    key = on_server(deployment, "grep ^SECRET_KEY= /etc/election-desk.env").partition("=")[2]
    assert len(key) >= 50


def test_backup_is_readable_by_the_service_only(deployment: Deployment) -> None:
    listed = on_server(deployment, "stat -c '%a %U %s' /var/backups/election-desk/*.tar.gz")
    mode, owner, size = listed.splitlines()[0].split()
    assert (mode, owner) == ("600", "election-desk")
    assert int(size) > 10_000
    assert on_server(deployment, "stat -c %a /var/backups/election-desk") == "700"


def test_command_without_settings_is_an_error(deployment: Deployment) -> None:
    completed = deployment.machine.run(
        "runuser -u election-desk -- /usr/local/sbin/desk check", check=False
    )
    assert completed.returncode == 1
    assert "run this as root" in completed.stdout


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("SECRET_KEY='quoted'", "quotation marks"),
        ("DATABASE_URL= postgres://x", "spaces"),
        ("rubbish", "not NAME=value"),
        ("A-B=c", "not NAME=value"),
    ],
)
def test_refuses_settings_that_systemd_parses_differently(
    deployment: Deployment, line: str, complaint: str
) -> None:
    deployment.machine.run("cp --preserve /etc/election-desk.env /root/settings")
    deployment.machine.run(f'echo "{line}" >> /etc/election-desk.env')
    completed = deployment.machine.run("desk check", check=False)
    deployment.machine.run("cp --preserve /root/settings /etc/election-desk.env")
    assert completed.returncode == 1
    assert complaint in completed.stdout


# --- What anybody sees ---------------------------------------------------------------------------


def test_public_addresses_over_tls(deployment: Deployment) -> None:
    site = deployment.site
    front = site.get("/")
    assert front.status == 200
    assert "max-age=" in front.headers["Strict-Transport-Security"]
    assert json.loads(site.get("/readyz").text)["ready"] is True
    assert site.get("/metrics").status == 404
    assert site.get_insecurely("/").headers["Location"] == f"https://{NAME}/"


def test_static_files_are_cached_for_a_year(night: Deployment) -> None:
    page = night.site.get("/tonight/").text
    names = set(re.findall(r"""["'](/static/[^"']+)["']""", page))
    assert names
    for name in names:
        answer = night.site.get(name, Accept_Encoding="gzip")
        assert answer.status == 200, name
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", name


def test_sign_in_works_beside_more_sockets_than_nginx_allows_by_default(night: Deployment) -> None:
    """Debian's 768 connections are 384 sockets for nginx's one process on one processor."""
    nginx = "/etc/nginx/nginx.conf"
    on_server(night, f"sed -i 's/worker_processes auto/worker_processes 1/' {nginx}")
    on_server(night, "systemctl restart nginx")
    with ExitStack() as sockets:
        for _number in range(400):
            socket = sockets.enter_context(night.site.open_socket("/live/tonight/?since=0"))
            socket.recv(timeout=DELIVERY_SECONDS)
        assert night.site.get("/count/sign-in/").status == 200
        assert night.site.get("/admin/login/").status == 200


# --- A night -------------------------------------------------------------------------------------


def test_night_through_nginx(night: Deployment, new_context: NewContext, tmp_path: Path) -> None:
    """From the first editor's sign-in to a correction, with readers who see everything."""
    reader = open_page(new_context(ignore_https_errors=True, **DESKTOP), "/tonight/")
    epoch = reader.locator("html").get_attribute("data-epoch")
    with night.site.open_socket(f"/live/tonight/?since=0&epoch={epoch}") as socket:
        socket.recv(timeout=DELIVERY_SECONDS)
        editor = set_up_editor(new_context(ignore_https_errors=True, **DESKTOP), night)
        link = make_reporter(editor)

        phone = new_context(ignore_https_errors=True, **PHONE).new_page()
        phone.goto(link)
        phone.get_by_role("button", name="Sign in on this phone").click()
        declare(phone)
        receive(socket, 1, "8,451")
        expect(reader.locator("#headline h1")).to_have_text(
            "Labour win Islington North, majority 26,152"
        )

        correct(editor)
        receive(socket, 2, "8,415")
        expect(reader.locator("#headline h1")).to_contain_text("26,188")

        send_photo(phone, tmp_path)
        publish_photo(editor)
        receive(socket, 3, "The returning officer")
    picture = reader.locator("#feed img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    expect(reader.locator("#connection-status .sequence")).to_have_text("3")
    assert reader.evaluate("window.notLoadedAgain")
    other_site = serve_another_site(night)
    embedded(new_context(ignore_https_errors=True, **DESKTOP), other_site, editor)


def open_page(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(f"https://{NAME}{path}")
    expect(page.locator("#connection-status")).to_have_attribute("data-state", "live")
    page.evaluate("window.notLoadedAgain = true")
    return page


def receive(socket: ClientConnection, sequence: int, words: str) -> None:
    """The socket of another program gets that bulletin."""
    text = ""
    while f'"sequence":{sequence}' not in text.replace(" ", ""):
        text = str(socket.recv(timeout=DELIVERY_SECONDS))
    assert words in text


def set_up_editor(context: BrowserContext, night: Deployment) -> Page:
    """Sign in with the password that the page's step printed, and set up the second factor."""
    match = re.search(r"Sign in as editor with the password (\w+)", night.output)
    assert match
    page = context.new_page()
    page.goto(f"https://{NAME}/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(match[1])
    page.get_by_role("button", name="Log in").click()
    secret = page.locator("code").first.text_content()
    page.get_by_role("textbox", name="Code").fill(totp(str(secret)))
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".paper-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_text("Site administration")).to_be_visible()
    return page


def make_reporter(editor: Page) -> str:
    """The link of a new reporter's pass."""
    editor.goto(f"https://{NAME}/admin/auth/user/several/")
    editor.get_by_label("Election").select_option(index=1)
    editor.get_by_label("Reporters").fill("Ann Smith; Islington North")
    editor.get_by_role("button", name="Make them and their passes").click()
    link = str(editor.locator("dd.link").last.text_content())
    assert link.startswith(f"https://{NAME}/count/sign-in/")
    return link


def declare(phone: Page) -> None:
    phone.get_by_role("link", name="Islington North").click()
    for name, votes in VOTES.items():
        phone.get_by_label(name).first.fill(votes)
    result = phone.locator(".result")
    result.get_by_label("Rejected ballots").fill("227")
    result.get_by_label("Electorate").fill("75162")
    phone.get_by_role("button", name="Check the result").click()
    phone.get_by_role("button", name="Declare Islington North").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("bulletin 1")


def correct(editor: Page) -> None:
    editor.goto(f"https://{NAME}/admin/results/contest/1/correct/")
    editor.get_by_label("Nick Wakeling").first.fill("8415")
    editor.locator("#id_reason").fill("Two digits were transposed.")
    editor.get_by_role("button", name="See what readers will see").click()
    editor.get_by_role("button", name="Publish the correction").click()
    expect(editor.get_by_text("Published as bulletin 2")).to_be_visible()


def send_photo(phone: Page, folder: Path) -> None:
    """As the phone's camera makes it: larger than any body that nginx takes elsewhere."""
    file = folder / "stage.jpg"
    Image.effect_noise((2000, 1500), 90).convert("RGB").save(file)
    phone.goto(f"https://{NAME}/count/tonight/islington-north/")
    photo = phone.locator("#photo")
    photo.get_by_label("Photo", exact=True).set_input_files(file)
    photo.get_by_label("Caption").fill("The returning officer")
    photo.get_by_label("What it shows").fill("A person on a stage")
    photo.get_by_label("Credit").fill("Ann Smith")
    photo.get_by_role("button", name="Send the photo to the desk").click()
    expect(phone.get_by_text("Islington North, a photo")).to_contain_text("The desk has had it")


def publish_photo(editor: Page) -> None:
    editor.goto(f"https://{NAME}/admin/results/reviewitem/")
    editor.locator("#result_list tbody a").first.click()
    editor.locator("[name=approve]").click()
    expect(editor.get_by_text("Published as bulletin 3")).to_be_visible()


def serve_another_site(night: Deployment) -> str:
    night.machine.run("mkdir /tmp/elsewhere")
    night.machine.write("/tmp/elsewhere/index.html", OTHER_SITE)
    server = "python3 -m http.server --bind 127.0.0.1 --directory /tmp/elsewhere 9000"
    night.machine.run(f"nohup {server} > /dev/null 2>&1 &")
    address = "http://127.0.0.1:9000/"
    night.machine.run(f"curl --silent --retry-connrefused --retry 30 --retry-delay 1 {address}")
    return address


def embedded(context: BrowserContext, url: str, editor: Page) -> None:
    """A frame on another site shows the night and follows it, also where it is sandboxed."""
    page = context.new_page()
    page.goto(url)
    for name in ("plain", "sandboxed"):
        frame = page.frame_locator(f"iframe[name={name}]")
        expect(frame.locator("#feed")).to_contain_text("The returning officer")
    editor.goto(f"https://{NAME}/admin/results/post/add/")
    editor.get_by_label("Election").select_option(index=1)
    editor.get_by_label("Text").fill("Counting goes on.")
    editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.get_by_text("Published as bulletin")).to_be_visible()
    for name in ("plain", "sandboxed"):
        frame = page.frame_locator(f"iframe[name={name}]")
        expect(frame.locator("#feed")).to_contain_text(
            "Counting goes on.", timeout=2 * DELIVERY_SECONDS * 1000
        )


# --- Later ----------------------------------------------------------------------------------------


def test_purges_caches_as_documented(night: Deployment) -> None:
    # A copy that has expired is still in the cache: only one that is not there is missed.
    night.site.get("/tonight/corrections/")
    stored = "grep --recursive --files-with-matches ' /tonight/corrections/ ' "
    assert on_server(night, f"{stored}/run/election-desk-cache")
    night.follow(section("Behind a CDN"))
    assert night.site.get("/tonight/corrections/").headers["X-Cache"] == "MISS"


def test_upgrade_and_roll_back(night: Deployment) -> None:
    """A new release with another stylesheet; then the release before again."""
    upgrade = section("Upgrading to a new release")
    before = style(night)
    stylesheet = night.repository / "static" / "reader" / "reader.css"
    stylesheet.write_text(stylesheet.read_text() + "\n.of-the-next-release { color: red }\n")
    night.commit("The next release")
    # Pasted twice, its first block keeps the way back.
    night.follow([upgrade[0], *upgrade])
    after = style(night)
    assert ".of-the-next-release" in night.site.get(after).text
    # A page that was open keeps the files of its release.
    assert night.site.get(before).status == 200
    assert night.site.get("/count/sign-in/").status == 200

    night.follow([*section("Rolling back"), upgrade[1]])
    assert style(night) == before
    assert night.site.get("/count/sign-in/").status == 200


def style(deployment: Deployment) -> str:
    """The address of the readers' stylesheet in a page rendered now."""
    deployment.follow(section("Behind a CDN"))
    page = deployment.site.get("/tonight/parties/").text
    match = re.search(r"/static/reader/reader\.[^\"']+\.css", page)
    assert match, page
    return match[0]
