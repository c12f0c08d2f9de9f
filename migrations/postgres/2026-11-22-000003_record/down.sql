DROP TABLE quarantine;
DROP TABLE feed;
DROP TABLE grants;
DROP TABLE actors;
DROP TABLE changes;
DROP TABLE push_jobs;
DROP TABLE pushes;
DROP TABLE records;
