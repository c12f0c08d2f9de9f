ALTER TABLE price_items DROP COLUMN setup;
ALTER TABLE price_items DROP COLUMN destroys_data;
