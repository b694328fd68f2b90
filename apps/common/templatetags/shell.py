"""Tags that every template may use: icons, times, counts, printable text."""

from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.common.markdown import markdown_html
from rust_ai_ide.observability import printable as printing

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it says nothing to screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """Say how long ago a moment was, with the exact time on hover."""
    if moment is None:
        return ""
    seconds = max(0, (timezone.now() - moment).total_seconds())
    for size, unit in (
        (365 * 86400, "year"),
        (30 * 86400, "month"),
        (86400, "day"),
        (3600, "hour"),
        (60, "minute"),
    ):
        if seconds >= size:
            count = int(seconds // size)
            words = f"{count} {unit}{'' if count == 1 else 's'} ago"
            break
    else:
        words = "just now"
    exact = moment.astimezone().strftime("%Y-%m-%d %H:%M")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


@register.filter
def printable(text: object) -> str:
    """Show control and direction characters as escapes."""
    return printing.printable(str(text))


@register.filter
def printable_lines(text: object) -> str:
    """Show control and direction characters of every line as escapes."""
    return "\n".join(printing.printable(line) for line in str(text).splitlines())


@register.filter
def percent(share: float) -> str:
    """Say a share of one."""
    return f"{share:.0%}"


@register.filter
def plural(count: int, words: str) -> str:
    """Say a count with its noun: `{{ 3|plural:"file,files" }}` is “3 files”."""
    one, many = words.split(",")
    return f"{count:,} {one if count == 1 else many}"


@register.filter
def size(count: int | None) -> str:
    """Say a number of bytes."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.1f} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


@register.filter
def duration(seconds: float) -> str:
    """Say about how long something takes."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"about {round(seconds / 60)} minutes"
    return f"about {seconds / 3600:.1f} hours"


@register.filter
def minutes(seconds: float) -> str:
    """Say a number of seconds in minutes."""
    return f"{seconds / 60:.1f}"


@register.filter
def url_of(place: Any, path: str) -> str:
    """Return the address of a file of a place."""
    return str(place.url(path))


@register.filter
def millions(count: int) -> str:
    """Say a number of parameters."""
    if not count:
        return ""
    return f"{count / 1e9:.1f} B" if count >= 1e9 else f"{count / 1e6:.1f} M"


@register.filter
def markdown(text: str) -> SafeString:
    """Render Markdown without raw HTML."""
    return markdown_html(printable_lines(text))


@register.filter
def split(words: str) -> list[str]:
    """Cut a list written with commas."""
    return words.split(",")


@register.filter
def inline_code(text: str) -> SafeString:
    """Show what stands between backticks as code."""
    parts = printing.printable(text).split("`")
    if len(parts) % 2 == 0:
        return format_html("{}", "`".join(parts))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", p) if n % 2 else p,) for n, p in enumerate(parts))
    )
