DROP TABLE calls;
DROP TABLE follow_ups;
DROP TABLE link_opens;
DROP TABLE links;
DROP TABLE job_notes;
DROP TABLE job_clocks;
DROP TABLE jobs;
