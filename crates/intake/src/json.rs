//! JSON lines, one object a line.

use std::io::{BufRead, BufReader, Read};

use serde::de::IgnoredAny;

use crate::error::IntakeError;
use crate::guard::{LineGuard, Watch};
use crate::reject::Reject;
use crate::source::{Content, Line, Row};

pub(crate) struct JsonRows<R> {
    reader: BufReader<LineGuard<R>>,
    watch: Watch,
    line: u64,
    max: usize,
    buffer: Vec<u8>,
}

impl<R: Read> JsonRows<R> {
    pub(crate) fn new(utf8: R, max: usize) -> Self {
        let watch = Watch::default();
        Self {
            reader: BufReader::with_capacity(64 * 1024, LineGuard::new(utf8, max, watch.clone())),
            watch,
            line: 0,
            max,
            buffer: Vec::new(),
        }
    }

    fn parse(&self) -> Line {
        if self.watch.was_cut(self.line, self.line) {
            return Line::Reject(too_long(self.line, self.max));
        }
        let text = String::from_utf8_lossy(&self.buffer);
        if text.contains('\u{FFFD}') {
            return Line::Reject(unreadable(self.line));
        }
        // Only looked through: what is in it is read by those who know what it means, on as many cores as they like.
        match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(_) => Line::Row(Row { line: self.line, content: Content::Json(text.trim().to_owned()) }),
            Err(error) => Line::Reject(
                Reject::line(
                    self.line,
                    format!("不是完整的 JSON 对象(第 {} 个字节附近)", error.column()),
                    "每行写一个完整的 JSON 对象,行内不换行",
                )
                .of("", &text),
            ),
        }
    }
}

impl<R: Read> Iterator for JsonRows<R> {
    type Item = Result<Line, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.buffer.clear();
            self.line += 1;
            match self.reader.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) if self.buffer.trim_ascii().is_empty() => self.watch.record_finished(),
                Ok(_) => {
                    self.watch.record_finished();
                    return Some(Ok(self.parse()));
                }
                Err(source) => return Some(Err(IntakeError::Interrupted(source))),
            }
        }
    }
}

pub(crate) fn too_long(line: u64, max: usize) -> Reject {
    Reject::line(line, format!("这一行超过 {} KB", max / 1024), "请检查是否漏了换行,或把过长的内容放到附件里")
}

pub(crate) fn unreadable(line: u64) -> Reject {
    Reject::line(line, "这一行有无法识别的字符", "请把文件另存为 UTF-8 编码")
}
