//! Barcodes on parts, as a scanner or a hand gives them: what is one, and when two of them are the same.

use crate::limits::BARCODE_CHARS_MAX;

/// Why a text is no barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBarcode {
    #[error("a barcode has 1 to {BARCODE_CHARS_MAX} characters")]
    Length,
    #[error("a barcode has letters, digits and signs of ASCII only")]
    Characters,
    /// What spreadsheets make of thirteen digits.
    #[error("a spreadsheet made a rounded number of it; format the column as text")]
    Rounded,
    #[error("the last digit of an EAN-13 does not fit the others")]
    CheckDigit,
}

/// What a barcode is compared by: the text without blanks at its ends, in capitals; of the retail numbers, whatever their length, the
/// thirteen digits, since one and the same is read as UPC-A of twelve or as EAN-13 with a zero before it.
pub fn read(text: &str) -> Result<String, BadBarcode> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > BARCODE_CHARS_MAX {
        return Err(BadBarcode::Length);
    }
    if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(BadBarcode::Characters);
    }
    if is_rounded(text) {
        return Err(BadBarcode::Rounded);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    match (is_number, text.len()) {
        (true, 13) if !has_check_digit(text) => Err(BadBarcode::CheckDigit),
        (true, 12) if has_check_digit(text) => Ok(format!("0{text}")),
        _ => Ok(text.to_ascii_uppercase()),
    }
}

/// As in `6.90123E+12`.
fn is_rounded(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits(number) && power.strip_prefix('+').is_some_and(digits)
}

/// Counted from the right, every other digit weighs three; the sum of all is a multiple of ten.
fn has_check_digit(digits: &str) -> bool {
    let weighed = digits.bytes().rev().zip([1u32, 3].into_iter().cycle());
    weighed.map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')).saturating_mul(weight)).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_read_in_two_ways_is_one_and_another_is_another() {
        assert_eq!(read("012345678905"), read("0012345678905"));
        assert_eq!(read(" hx-200/7 "), Ok("HX-200/7".to_owned()));
        assert_ne!(read("96385074"), read("6901234567892"));
    }

    #[test]
    fn a_slip_in_an_ean_is_found_and_told_apart_from_what_a_spreadsheet_does() {
        assert_eq!(read("6901234567893"), Err(BadBarcode::CheckDigit));
        assert_eq!(read("6.90123E+12"), Err(BadBarcode::Rounded));
        assert_eq!(read("  "), Err(BadBarcode::Length));
        assert_eq!(read("换阀芯"), Err(BadBarcode::Characters));
        // Twelve digits that are no UPC-A are somebody's own number.
        assert_eq!(read("012345678906"), Ok("012345678906".to_owned()));
    }
}
