//! The text of a policy as safe HTML, one anchor per paragraph so that a clause can be pointed to.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use serde::Serialize;

use crate::typeset::typeset;

/// HTML that came out of the sanitiser or was escaped here; templates print it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct SafeHtml(String);

impl SafeHtml {
    /// Plain text, escaped.
    pub(crate) fn text(plain: &str) -> Self {
        Self(escape(&typeset(plain)))
    }

    /// What `search` marked and escaped.
    pub(crate) fn from_search(html: &str) -> Self {
        Self(typeset(html).into_owned())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub(crate) fn escape(plain: &str) -> String {
    plain.chars().fold(String::with_capacity(plain.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}

/// Renders Markdown; raw HTML inside is sanitised, headings step down so that the page keeps its one `h1`,
/// and the n-th paragraph gets the id `p-n`.
pub(crate) fn render(markdown: &str) -> SafeHtml {
    let mut paragraph = 0_usize;
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).flat_map(|event| match event {
        Event::Start(Tag::Paragraph) => {
            paragraph += 1;
            let open = format!("<p id=\"p-{paragraph}\"><a class=\"anchor\" href=\"#p-{paragraph}\">§{paragraph}</a>");
            vec![Event::Html(CowStr::from(open))]
        }
        Event::End(TagEnd::Paragraph) => vec![Event::Html(CowStr::from("</p>\n"))],
        Event::Start(Tag::Heading { level, .. }) => {
            vec![Event::Html(CowStr::from(format!("<h{}>", below(level as u8))))]
        }
        Event::End(TagEnd::Heading(level)) => vec![Event::Html(CowStr::from(format!("</h{}>\n", below(level as u8))))],
        other => vec![other],
    });
    let mut unsafe_html = String::new();
    html::push_html(&mut unsafe_html, events);
    SafeHtml(sanitiser().clean(&unsafe_html).to_string())
}

fn below(level: u8) -> u8 {
    (level + 2).min(6)
}

fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .rm_tags(["img"])
        .add_tag_attributes("p", ["id"])
        .add_allowed_classes("a", ["anchor"])
        .url_schemes(["https", "http", "mailto"].into())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener nofollow"))
        // Only our own paragraph ids survive; a text cannot shadow an id of the page.
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("p", "id") => value.strip_prefix("p-")?.parse::<usize>().ok().map(|_| value.into()),
            _ => Some(value.into()),
        });
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_carry_anchors_and_headings_step_down() {
        let html = render("# 第一章\n\n第一段\n\n第二段").0;
        assert!(html.contains("<h3>第一章</h3>"), "{html}");
        assert!(
            html.contains("<p id=\"p-2\"><a class=\"anchor\" href=\"#p-2\" rel=\"noopener nofollow\">§2</a>第二段</p>"),
            "{html}"
        );
    }

    #[test]
    fn script_in_a_policy_text_never_reaches_the_page() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[点击](javascript:alert(1))",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<p id=\"main\" onclick=\"x()\">x</p>",
            "<iframe src=\"https://x\"></iframe>",
            "<style>*{display:none}</style>",
        ] {
            let html = render(hostile).0;
            for bad in ["<script", "onerror", "onclick", "javascript:", "<iframe", "<style", "<img", "id=\"main\""] {
                assert!(!html.contains(bad), "{hostile} gave {html}");
            }
        }
    }
}
