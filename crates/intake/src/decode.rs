//! Any of the known encodings as a stream of UTF-8.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// Reads UTF-8 from bytes of another encoding; what cannot be read becomes U+FFFD, a byte order mark disappears.
pub(crate) struct Utf8<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// Undecoded bytes are `input[start..end]`.
    start: usize,
    end: usize,
    finished: bool,
    /// The decoder has said its last and may not be asked again.
    drained: bool,
}

impl<R: Read> Utf8<R> {
    pub(crate) fn new(inner: R, label: &str) -> Self {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; 64 * 1024],
            start: 0,
            end: 0,
            finished: false,
            drained: false,
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    /// `out` must hold at least four bytes, the longest character; every caller here passes a buffer of kilobytes.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.drained {
            if self.start == self.end && !self.finished {
                self.end = self.inner.read(&mut self.input)?;
                self.start = 0;
                self.finished = self.end == 0;
            }
            let input = &self.input[self.start..self.end];
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, out, self.finished);
            self.start += read;
            self.drained = self.finished && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
