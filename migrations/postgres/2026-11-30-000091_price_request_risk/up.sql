-- Work that is on no list, and can destroy data: who prices it says so.

ALTER TABLE price_requests ADD COLUMN destroys_data BOOLEAN NOT NULL DEFAULT FALSE;
