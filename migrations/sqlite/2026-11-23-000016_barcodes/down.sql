ALTER TABLE price_items DROP COLUMN barcode;
