-- Work that can destroy data, and set-up of software, which is free or charged by the date of installation.

ALTER TABLE price_items ADD COLUMN destroys_data BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE price_items ADD COLUMN setup BOOLEAN NOT NULL DEFAULT FALSE;
