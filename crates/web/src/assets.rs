//! The few files a page loads: one sheet and one mark, embedded.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};

pub(crate) const SHEET: &str = include_str!("../assets/site.css");
const MARK: &str = include_str!("../assets/mark.svg");

pub(crate) async fn sheet() -> HttpResponse {
    answer("text/css; charset=utf-8", SHEET)
}

pub(crate) async fn mark() -> HttpResponse {
    answer("image/svg+xml", MARK)
}

fn answer(kind: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.
    fn luminance(hex: &str) -> f64 {
        let digits: String = match hex.len() {
            4 => hex[1..].chars().flat_map(|c| [c, c]).collect(),
            _ => hex[1..].to_owned(),
        };
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The plain colour a declaration of this rule gives, names resolved.
    fn colour(rule: &str, property: &str) -> Option<String> {
        let declaration = rule.split(['{', ';']).find(|part| part.trim().starts_with(&format!("{property}:")))?;
        let value = declaration.split_once(':')?.1.trim();
        let named = value.strip_prefix("var(").and_then(|name| name.strip_suffix(')'));
        let hex = match named {
            Some(name) => {
                SHEET.split(['{', ';']).find_map(|part| part.trim().strip_prefix(&format!("{name}:")))?.trim()
            }
            None => value,
        };
        hex.starts_with('#').then(|| hex.to_owned())
    }

    #[test]
    fn every_text_stands_out_from_its_ground() {
        let pairs: Vec<(&str, String, String)> = SHEET
            .split('}')
            .filter_map(|rule| Some((rule.trim(), colour(rule, "color")?, colour(rule, "background")?)))
            .collect();
        assert!(pairs.len() > 12, "{}", pairs.len());
        for (rule, text, ground) in pairs {
            let ratio = contrast(&text, &ground);
            assert!(ratio >= 4.5, "{ratio:.2} in {rule}");
        }
        let root = SHEET.split('}').next().unwrap();
        for (text, ground) in
            [("--ink", "--ground"), ("--soft", "--ground"), ("--blue", "--ground"), ("--soft", "--paper")]
        {
            let (text, ground) = (colour(root, text).unwrap(), colour(root, ground).unwrap());
            assert!(contrast(&text, &ground) >= 4.5);
        }
    }
}
