//! Phone numbers, names and addresses as they are compared: people write one and the same in many ways.

/// Only the digits of a phone number; the country code of China is left out. Full-width digits count as digits.
pub fn phone_digits(phone: &str) -> String {
    let digits: String = phone.chars().map(half_width).filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    // A mobile number has 11 digits and begins with 1; a land line keeps its area code's zero out when written with +86.
    match national {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_owned(),
        _ => digits,
    }
}

/// Lower case without blanks and punctuation: what two spellings of one name or address have in common.
pub fn matching_key(text: &str) -> String {
    text.chars().map(half_width).flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// ASCII in full width (U+FF01 to U+FF5E), as Chinese input methods write it, becomes ASCII.
fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_written_in_many_ways_is_one_number() {
        for phone in
            ["13812345678", "138 1234 5678", "+86 138-1234-5678", "0086 13812345678", "\u{ff11}\u{ff13}812345678"]
        {
            assert_eq!(phone_digits(phone), "13812345678", "{phone}");
        }
        assert_eq!(phone_digits("010-8655 1234"), "01086551234");
        assert_eq!(phone_digits("没有"), "");
    }

    #[test]
    fn an_address_is_the_same_with_and_without_punctuation() {
        assert_eq!(matching_key("幸福路 12 号\u{ff0c}3-\u{ff22} 室"), matching_key("幸福路12号3-b室"));
        assert_ne!(matching_key("幸福路12号"), matching_key("幸福路13号"));
    }
}
