DROP TABLE photo_refusals;
