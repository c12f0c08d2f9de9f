-- What a scanner reads off a part of the price list.

ALTER TABLE price_items ADD COLUMN barcode TEXT;
