//! A text of at most 300 characters to pass on, and a QR code that leads to the guide.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::matching::Entry;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::page;
use crate::error::Error;
use crate::state::State;
use crate::typeset::typeset;
use crate::views::Share;
use crate::words::{self, NOT_FULLY_RECORDED, PENDING};

/// Characters of the text, address included: what a short message and a chat preview hold.
const LONGEST: usize = 300;
/// Characters one row may take before it is cut.
const LONGEST_ROW: usize = 60;

pub(crate) async fn show(state: Data<State>, code: Path<String>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let entry = shelf.find(&code)?;
    let text = compose(&state, entry);
    let here = format!("/items/{}", entry.item.code);
    let name = entry.item.revision.name.clone();
    let view = Share {
        shell: state.shell(format!("转发：{name}"), "search", shelf.seq),
        name,
        length: text.chars().count(),
        text,
        plain: format!("{here}/share.txt"),
        qr: format!("{here}/qr.svg"),
        address: state.links.item(&entry.item.code),
        back: here,
    };
    page(&state, &view)
}

pub(crate) async fn text(state: Data<State>, code: Path<String>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let text = compose(&state, shelf.find(&code)?);
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

pub(crate) async fn qr(state: Data<State>, code: Path<String>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let address = state.links.item(&shelf.find(&code)?.item.code);
    let code = QrCode::with_error_correction_level(address.as_bytes(), EcLevel::M)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build();
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(image))
}

pub(crate) fn compose(state: &State, entry: &Entry) -> String {
    let day = state.day();
    let revision = &entry.item.revision;
    let guide = &revision.guide;
    let benefit = revision.amount_text.as_deref().or(guide.benefit.as_deref()).unwrap_or(PENDING);
    let office: Vec<&str> = [guide.handler.as_deref(), guide.phone.as_deref()].into_iter().flatten().collect();
    let office = if office.is_empty() { PENDING.to_owned() } else { office.join(" ") };
    let mut rows = vec![
        format!("【{}】", cut(&revision.name, LONGEST_ROW)),
        format!("谁能享受：{}", cut(guide.who.as_deref().unwrap_or(PENDING), LONGEST_ROW)),
        format!("享受什么：{}", cut(benefit, LONGEST_ROW)),
        format!("何时：{}", words::window_sentence(&entry.window(day), day)),
        format!("找谁：{}", cut(&office, LONGEST_ROW)),
    ];
    if words::coverage_notice(revision.coverage).is_some() {
        rows.push(format!("{NOT_FULLY_RECORDED}。"));
    }
    let rows = rows.iter().map(|row| typeset(row).into_owned()).collect();
    fit(rows, &format!("怎么办：{}", state.links.item(&entry.item.code)))
}

/// The rows with the address last; rows before the address give way while the whole is too long.
fn fit(mut rows: Vec<String>, address: &str) -> String {
    loop {
        let length = rows.iter().map(|row| row.chars().count() + 1).sum::<usize>() + address.chars().count();
        if length <= LONGEST || rows.len() <= 1 {
            rows.push(address.to_owned());
            return rows.join("\n");
        }
        rows.pop();
    }
}

fn cut(text: &str, longest: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= longest {
        return one_line;
    }
    let mut short: String = one_line.chars().take(longest - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_to_pass_on_never_exceeds_three_hundred_characters_and_keeps_its_address() {
        let address = format!("怎么办：https://hqt.example.cn/items/{}", "a".repeat(60));
        let text = fit(vec!["长".repeat(90); 5], &address);
        assert!(text.chars().count() <= LONGEST, "{}", text.chars().count());
        assert!(text.ends_with(&address));
    }

    #[test]
    fn a_cut_row_says_that_it_was_cut() {
        assert_eq!(cut("一二三四五", 4), "一二三…");
        assert_eq!(cut("一二三\n四", 5), "一二三 四");
    }
}
