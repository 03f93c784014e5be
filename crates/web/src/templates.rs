//! The page templates: embedded, replaceable one by one, strict about what they name.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

use crate::error::Error;
use crate::markdown::escape;
use crate::typeset::typeset;
use crate::views;

macro_rules! embedded {
    ($($name:literal)*) => { &[$(($name, include_str!(concat!("../templates/", $name)))),*] };
}

const EMBEDDED: &[(&str, &str)] = embedded! {
    "action.html" "base.html" "check.html" "check_result.html" "demo.html" "enterprise.html" "error.html"
    "item.html" "mail.html" "mailbox.html" "parts.html" "policy.html" "receiver.html" "search.html" "share.html"
};

/// A page: its template and everything the template may name.
pub(crate) trait View: Serialize {
    const TEMPLATE: &'static str;

    /// A made-up instance that fills every branch worth seeing; rendered strictly in a test.
    fn sample() -> Self;
}

/// Compiled templates.
#[derive(Debug)]
pub(crate) struct Templates(Environment<'static>);

impl Templates {
    /// The embedded templates with a city's `overrides` (file name → text) in their place. Every page is rendered
    /// once from its sample, so an override with a misspelt name is refused at start and not before a visitor.
    pub(crate) fn new(overrides: &BTreeMap<String, String>) -> Result<Self, Error> {
        if let Some(name) = overrides.keys().find(|name| EMBEDDED.iter().all(|(known, _)| known != name)) {
            return Err(Error::UnknownTemplate(name.clone()));
        }
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if !value.is_safe() => Ok(out.write_str(&escape(&typeset(text)))?),
            _ => escape_formatter(out, state, value),
        });
        for (name, embedded) in EMBEDDED {
            let source = overrides.get(*name).map_or(*embedded, String::as_str);
            environment.add_template_owned(*name, source.to_owned())?;
        }
        let templates = Self(environment);
        templates.render_samples()?;
        Ok(templates)
    }

    pub(crate) fn render<V: View>(&self, view: &V) -> Result<String, Error> {
        Ok(self.0.get_template(V::TEMPLATE)?.render(Value::from(Serde(view)))?)
    }

    fn render_samples(&self) -> Result<Vec<String>, Error> {
        Ok(vec![
            self.render(&views::SearchPage::sample())?,
            self.render(&views::PolicyPage::sample())?,
            self.render(&views::Guide::sample())?,
            self.render(&views::Share::sample())?,
            self.render(&views::Check::sample())?,
            self.render(&views::CheckResult::sample())?,
            self.render(&views::EnterprisePage::sample())?,
            self.render(&views::Demo::sample())?,
            self.render(&views::Mailbox::sample())?,
            self.render(&views::MailPage::sample())?,
            self.render(&views::Receiver::sample())?,
            self.render(&views::Action::sample())?,
            self.render(&views::ErrorPage::sample())?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_error_page(text: &str) -> Result<Templates, Error> {
        Templates::new(&BTreeMap::from([("error.html".to_owned(), text.to_owned())]))
    }

    #[test]
    fn every_page_renders_strictly_from_its_sample() {
        for page in Templates::new(&BTreeMap::new()).unwrap().render_samples().unwrap() {
            assert!(page.contains("<html lang=\"zh-CN\">") && page.contains("id=\"main\""), "{page}");
            assert_eq!(page.matches("<h1").count(), 1, "one h1 a page: {page}");
            for forbidden in [" style=", "<script", "javascript:", " onclick"] {
                assert!(!page.contains(forbidden), "{forbidden} in {page}");
            }
        }
    }

    #[test]
    fn every_embedded_template_is_a_page_or_a_part_of_one() {
        let pages = Templates::new(&BTreeMap::new()).unwrap().render_samples().unwrap().len();
        assert_eq!(EMBEDDED.len(), pages + ["base.html", "parts.html"].len());
    }

    #[test]
    fn a_city_overrides_one_template_and_keeps_the_others() {
        let templates = with_error_page("<p>{{ heading }}</p>").unwrap();
        assert_eq!(templates.render(&views::ErrorPage::sample()).unwrap(), "<p>没有找到</p>");
        assert!(templates.render(&views::Action::sample()).unwrap().contains("确认退订"));
    }

    #[test]
    fn an_override_that_names_what_is_not_there_is_refused_at_start() {
        assert!(matches!(with_error_page("{{ headline }}"), Err(Error::Template(_))));
        let misspelt = BTreeMap::from([("errors.html".to_owned(), String::new())]);
        assert!(matches!(Templates::new(&misspelt), Err(Error::UnknownTemplate(_))));
    }
}
