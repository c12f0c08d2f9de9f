DROP TABLE upload_pieces;
DROP TABLE uploads;
DROP TABLE photo_receipts;
DROP TABLE photos;
DROP TABLE job_photos;
