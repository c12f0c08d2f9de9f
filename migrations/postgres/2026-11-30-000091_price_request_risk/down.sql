ALTER TABLE price_requests DROP COLUMN destroys_data;
