//! One pass over a file before anything is parsed: how large, which format, which encoding, which hash.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::IntakeError;
use crate::gate::Gate;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// CSV or tab-separated text.
    Table,
    /// One JSON object a line.
    JsonLines,
    Xlsx,
}

/// What one pass over the bytes says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    pub format: Format,
    pub bytes: u64,
    /// Lower-case hex; tells whether the same file comes again.
    pub sha256: String,
    /// WHATWG label of the text's encoding; `None` for XLSX.
    pub encoding: Option<&'static str>,
}

/// Size, format, encoding and hash of a file.
///
/// Text without a byte order mark is UTF-8 if it decodes cleanly, else whichever of UTF-8 and GB18030 (a superset of
/// GBK) leaves fewer unreadable sequences: one broken byte does not turn a UTF-8 file into nonsense.
pub fn survey(path: &Path, gate: &Gate) -> Result<Survey, IntakeError> {
    let mut pass = Pass::new();
    let bytes = each_chunk(path, gate, |chunk| pass.take(chunk))?;
    let opening = pass.opening.as_slice();
    if bytes == 0 {
        return Err(IntakeError::Empty);
    }
    if opening.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(IntakeError::LegacyOrEncrypted);
    }
    let sha256 = hex::encode(pass.hash.finalize());
    if opening.starts_with(b"PK") {
        return Ok(Survey { format: Format::Xlsx, bytes, sha256, encoding: None });
    }
    let encoding = match Encoding::for_bom(opening) {
        Some((encoding, _)) => encoding,
        None if pass.utf8.broken(b"", true) == 0 => UTF_8,
        None => {
            let mut gb = Reading::new(GB18030);
            each_chunk(path, gate, |chunk| gb.take(chunk))?;
            if gb.broken(b"", true) < pass.utf8.unreadable { GB18030 } else { UTF_8 }
        }
    };
    let format = text_format(opening, encoding)?;
    Ok(Survey { format, bytes, sha256, encoding: Some(encoding.name()) })
}

fn text_format(opening: &[u8], encoding: &'static Encoding) -> Result<Format, IntakeError> {
    let (text, _, _) = encoding.decode(opening);
    if text.contains('\0') {
        return Err(IntakeError::UnknownFormat);
    }
    match text.trim_start().chars().next() {
        Some('{') => Ok(Format::JsonLines),
        Some('[') => Err(IntakeError::JsonArray),
        Some(_) => Ok(Format::Table),
        None => Err(IntakeError::Empty),
    }
}

/// The file's bytes in pieces; refuses at the limit, whatever its metadata says.
fn each_chunk(path: &Path, gate: &Gate, mut take: impl FnMut(&[u8])) -> Result<u64, IntakeError> {
    let io = |source| IntakeError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let declared = file.metadata().map_err(io)?.len();
    let mut seen = 0_u64;
    let mut chunk = vec![0_u8; 64 * 1024];
    loop {
        if declared.max(seen) > gate.max_file_bytes {
            return Err(IntakeError::TooLarge { bytes: declared.max(seen), max: gate.max_file_bytes });
        }
        let read = file.read(&mut chunk).map_err(io)?;
        if read == 0 {
            return Ok(seen);
        }
        seen += read as u64;
        take(&chunk[..read]);
    }
}

struct Pass {
    hash: Sha256,
    utf8: Reading,
    opening: Vec<u8>,
}

impl Pass {
    fn new() -> Self {
        Self { hash: Sha256::new(), utf8: Reading::new(UTF_8), opening: Vec::new() }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.hash.update(chunk);
        self.utf8.take(chunk);
        let wanted = 4096_usize.saturating_sub(self.opening.len()).min(chunk.len());
        self.opening.extend_from_slice(&chunk[..wanted]);
    }
}

/// Counts what one encoding cannot read.
struct Reading {
    decoder: Decoder,
    unreadable: u64,
    scratch: Vec<u8>,
}

impl Reading {
    fn new(encoding: &'static Encoding) -> Self {
        Self { decoder: encoding.new_decoder_without_bom_handling(), unreadable: 0, scratch: vec![0; 64 * 1024] }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.broken(chunk, false);
    }

    /// Reads on and gives the count so far; `last` also counts a sequence cut off by the end.
    fn broken(&mut self, mut chunk: &[u8], last: bool) -> u64 {
        loop {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(chunk, &mut self.scratch, last);
            chunk = &chunk[read..];
            match result {
                DecoderResult::InputEmpty => return self.unreadable,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.unreadable += 1,
            }
        }
    }
}
