//! Money: whole minor units (fen, cents) of one currency. Never a float.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 code of three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, example = "CNY"))]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    pub const CNY: Self = Self(*b"CNY");

    pub fn as_str(&self) -> &str {
        // Capital letters always are text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many digits of a minor unit make one major unit: 2, but for the few that have none or three.
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" => 0,
            b"BHD" | b"KWD" | b"OMR" | b"TND" | b"JOD" => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err("a currency is three capital letters, as in CNY"),
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

/// An amount in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let sign = if self.minor < 0 { "-" } else { "" };
        let (scale, amount) = (10u64.pow(digits), self.minor.unsigned_abs());
        match digits {
            0 => write!(f, "{} {sign}{amount}", self.currency.as_str()),
            _ => {
                let width = usize::try_from(digits).unwrap_or(2);
                write!(f, "{} {sign}{}.{:0width$}", self.currency.as_str(), amount / scale, amount % scale)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_digits_of_their_currency() {
        let yen = Currency::try_from("JPY".to_owned()).unwrap();
        assert_eq!(Money { minor: -12_305, currency: Currency::CNY }.to_string(), "CNY -123.05");
        assert_eq!(Money { minor: 980, currency: yen }.to_string(), "JPY 980");
    }
}
