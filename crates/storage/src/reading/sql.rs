//! Pieces of SQL, the layers they stand in, and the texts they are asked with.
//!
//! SQL has no word for "let". A value that is used twice is a column of an inner query, and a query that reads it stands
//! around that one: layer 2 reads what layer 1 has named.

use std::collections::HashMap;
use std::fmt;

use crate::connect::Engine;

/// An expression and the first layer whose columns suffice for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sql {
    text: String,
    layer: usize,
}

impl Sql {
    /// What reads no column.
    pub(super) fn fixed(text: impl Into<String>) -> Self {
        Self { text: text.into(), layer: 0 }
    }

    /// An expression made of parts.
    pub(super) fn of(text: String, parts: &[&Self]) -> Self {
        Self { text, layer: parts.iter().map(|part| part.layer).max().unwrap_or(0) }
    }

    /// A text with a part for each `{}`.
    pub(super) fn filled(format: &str, parts: &[&Self]) -> Self {
        let mut text = String::with_capacity(format.len() * 2);
        let mut pieces = format.split("{}");
        text.push_str(pieces.next().unwrap_or_default());
        for (piece, part) in pieces.zip(parts) {
            text.push_str(&part.text);
            text.push_str(piece);
        }
        Self::of(text, parts)
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// A name or a number: repeating it costs nothing.
    fn is_short(&self) -> bool {
        let digits = self.text.strip_prefix('-').unwrap_or(&self.text);
        digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `sql!("{} + {}", a, b)`: the format with its parts.
macro_rules! sql {
    ($format:literal $(, $part:expr)* $(,)?) => {
        $crate::reading::sql::Sql::filled($format, &[$(&$part),*])
    };
}
pub(super) use sql;

const TRUE: &str = "TRUE";
const FALSE: &str = "FALSE";

impl From<bool> for Sql {
    fn from(holds: bool) -> Self {
        Self::fixed(if holds { TRUE } else { FALSE })
    }
}

/// All of them; what is certain already is left out.
pub(super) fn all(members: Vec<Sql>) -> Sql {
    joined(members, (TRUE, FALSE), " AND ")
}

/// One of them.
pub(super) fn any(members: Vec<Sql>) -> Sql {
    joined(members, (FALSE, TRUE), " OR ")
}

pub(super) fn not(holds: &Sql) -> Sql {
    match holds.text.as_str() {
        TRUE => false.into(),
        FALSE => true.into(),
        _ => sql!("NOT ({})", holds),
    }
}

fn joined(mut members: Vec<Sql>, (neutral, settled): (&str, &str), word: &str) -> Sql {
    if members.iter().any(|member| member.is(settled)) {
        return Sql::fixed(settled);
    }
    members.retain(|member| !member.is(neutral));
    match members.len() {
        0 => Sql::fixed(neutral),
        1 => members.swap_remove(0),
        _ => {
            let texts: Vec<String> =
                members.iter().map(|one| if one.is_short() { one.text.clone() } else { format!("({one})") }).collect();
            Sql::of(texts.join(word), &members.iter().collect::<Vec<_>>())
        }
    }
}

/// The columns named so far, layer by layer, and the texts asked for.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    engine: Engine,
    /// Layer 1 reads the document alone.
    columns: Vec<Vec<(String, String)>>,
    named: HashMap<String, Sql>,
    texts: Vec<String>,
}

/// The profile document, ready to be looked into.
pub(super) const DOCUMENT: &str = "doc";

impl Layers {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, columns: Vec::new(), named: HashMap::new(), texts: Vec::new() }
    }

    /// An expression over the document.
    pub(super) fn read(text: String) -> Sql {
        Self::read_beside(text, &[])
    }

    /// An expression over the document and columns.
    pub(super) fn read_beside(text: String, columns: &[&Sql]) -> Sql {
        let beside = Sql::of(text, columns);
        Sql { layer: beside.layer.max(1), ..beside }
    }

    /// A column that holds the expression; the same expression is the same column.
    pub(super) fn name(&mut self, sql: Sql) -> Sql {
        if sql.is_short() {
            return sql;
        }
        if let Some(column) = self.named.get(&sql.text) {
            return column.clone();
        }
        let layer = sql.layer.max(1);
        if self.columns.len() < layer {
            self.columns.resize(layer, Vec::new());
        }
        let name = format!("c{}", self.named.len() + 1);
        self.columns[layer - 1].push((name.clone(), sql.text.clone()));
        let column = Sql { text: name, layer: layer + 1 };
        self.named.insert(sql.text, column.clone());
        column
    }

    /// A text of the condition: bare where it is made of letters and digits of ASCII, else a parameter.
    pub(super) fn text(&mut self, text: &str) -> String {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_@".contains(&byte);
        if text.bytes().all(is_plain) {
            return format!("'{text}'");
        }
        let known = self.texts.iter().position(|one| one == text);
        let place = known.unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        match self.engine {
            Engine::Sqlite => format!("?{}", place + 1),
            Engine::Postgres => format!("${}", place + 1),
        }
    }

    /// Texts side by side, for `IN ( … )`.
    pub(super) fn list<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> String {
        texts.into_iter().map(|text| self.text(text)).collect::<Vec<_>>().join(", ")
    }

    /// How many columns the outermost layer has, besides ordinal and document.
    pub(super) fn width(&self) -> usize {
        self.named.len()
    }

    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The layers around a query of ordinals and documents, as common tables, and the name of the outermost.
    ///
    /// A limit that limits nothing keeps both engines from merging the layers, which would reckon a column anew wherever
    /// it is used.
    pub(super) fn tables(&self, source: &str) -> (String, String) {
        let (document, fence) = match self.engine {
            Engine::Sqlite => ("jsonb(document)", "LIMIT -1"),
            Engine::Postgres => ("document::jsonb", "OFFSET 0"),
        };
        let mut tables =
            format!("WITH t0 AS (SELECT ordinal, {document} AS {DOCUMENT} FROM ({source}) AS firms {fence})");
        for (inner, columns) in self.columns.iter().enumerate() {
            let columns: Vec<String> = columns.iter().map(|(name, text)| format!(",\n    {text} AS {name}")).collect();
            let outer = inner + 1;
            tables.push_str(&format!(
                ",\nt{outer} AS (\n  SELECT t{inner}.*{}\n  FROM t{inner} {fence})",
                columns.concat()
            ));
        }
        (tables, format!("t{}", self.columns.len()))
    }
}
