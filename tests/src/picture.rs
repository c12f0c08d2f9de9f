//! Pictures for tests.

use image::codecs::jpeg::JpegEncoder;

/// A JPEG of this size that differs from others by its seed.
pub fn jpeg(width: u32, height: u32, seed: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let [x, y] = [x, y].map(|side| u8::try_from(side % 251).unwrap());
        image::Rgb([x.wrapping_add(seed), y, seed])
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 70)).unwrap();
    bytes
}

/// The picture with an Exif segment that says where it was taken: 31°10'12" N, 121°26'24" E, by a `Testphone`, turned by 90°.
pub fn with_place(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    // The first directory has three entries and ends at 50; then the camera's name, then the directory of the place.
    tiff.extend(3u16.to_be_bytes());
    tiff.extend(entry(0x010f, 2, 10, 50u32.to_be_bytes()));
    tiff.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, 60u32.to_be_bytes()));
    tiff.extend([0; 4]);
    tiff.extend(b"Testphone\0");
    tiff.extend(4u16.to_be_bytes());
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, 114u32.to_be_bytes()));
    tiff.extend(entry(3, 2, 2, *b"E\0\0\0"));
    tiff.extend(entry(4, 5, 3, 138u32.to_be_bytes()));
    tiff.extend([0; 4]);
    for number in [31u32, 1, 10, 1, 12, 1, 121, 1, 26, 1, 24, 1] {
        tiff.extend(number.to_be_bytes());
    }
    let content = [b"Exif\0\0", tiff.as_slice()].concat();
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    let (start, rest) = jpeg.split_at(2);
    [start, b"\xff\xe1", &length, &content, rest].concat()
}
