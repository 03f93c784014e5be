//! Ranks or classes, in the fewest bytes that hold them.

/// One code per row.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    Bytes(Vec<u8>),
    Words(Vec<u16>),
    Longs(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Codes {
    /// For codes up to `most`.
    pub(super) fn up_to(most: usize) -> Self {
        match most {
            0..=0xff => Self::Bytes(Vec::new()),
            0x100..=0xffff => Self::Words(Vec::new()),
            _ => Self::Longs(Vec::new()),
        }
    }

    /// Bytes of one code up to `most`.
    pub(super) fn width(most: usize) -> usize {
        match Self::up_to(most) {
            Self::Bytes(_) => 1,
            Self::Words(_) => 2,
            Self::Longs(_) => 4,
        }
    }

    pub(super) fn push(&mut self, code: u32) {
        self.make_room_for(code);
        match self {
            Self::Bytes(codes) => codes.push(u8::try_from(code).unwrap_or(u8::MAX)),
            Self::Words(codes) => codes.push(u16::try_from(code).unwrap_or(u16::MAX)),
            Self::Longs(codes) => codes.push(code),
        }
    }

    pub(super) fn set(&mut self, row: usize, code: u32) {
        self.make_room_for(code);
        match self {
            Self::Bytes(codes) => codes[row] = u8::try_from(code).unwrap_or(u8::MAX),
            Self::Words(codes) => codes[row] = u16::try_from(code).unwrap_or(u16::MAX),
            Self::Longs(codes) => codes[row] = code,
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Bytes(codes) => codes.len(),
            Self::Words(codes) => codes.len(),
            Self::Longs(codes) => codes.len(),
        }
    }

    pub(crate) fn get(&self, row: usize) -> u32 {
        match self {
            Self::Bytes(codes) => codes[row].into(),
            Self::Words(codes) => codes[row].into(),
            Self::Longs(codes) => codes[row],
        }
    }

    /// Widens all codes where one does not fit.
    #[inline]
    fn make_room_for(&mut self, code: u32) {
        match self {
            Self::Bytes(codes) if code > u8::MAX.into() => {
                *self = Self::Words(codes.iter().copied().map(u16::from).collect());
                self.make_room_for(code);
            }
            Self::Words(codes) if code > u16::MAX.into() => {
                *self = Self::Longs(codes.iter().copied().map(u32::from).collect());
            }
            _ => {}
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Bytes(codes) => codes.capacity(),
            Self::Words(codes) => 2 * codes.capacity(),
            Self::Longs(codes) => 4 * codes.capacity(),
        }
    }
}
